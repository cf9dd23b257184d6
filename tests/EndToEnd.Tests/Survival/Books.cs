using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>What must hold when all is over, read where it stands: in the services' databases, at Graph and in the broker.</summary>
/// <param name="Answered">Contacts whom Graph took an answer for.</param>
/// <param name="Twice">Of them, those it took more than one for.</param>
/// <param name="Accepted">Replies that the gateway knows to be accepted.</param>
/// <param name="Open">Replies that it still means to send.</param>
/// <param name="Unknown">Replies of which it does not know whether they were sent.</param>
/// <param name="Dropped">Replies that it gave up for another reason.</param>
/// <param name="Settled">Reservations that became usage.</param>
/// <param name="Reserved">Reservations that are still open.</param>
/// <param name="Counted">Replies in the customer's counter, which it pays for.</param>
/// <param name="Lost">Messages in quarantine or in an error queue.</param>
internal sealed record Books(
    int Answered,
    int Twice,
    int Accepted,
    int Open,
    int Unknown,
    int Dropped,
    int Settled,
    int Reserved,
    int Counted,
    int Lost
)
{
    // A call of unknown outcome waits for its status, a turn whose worker died for its lease, both again after the next kill.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>One answer to each of so many, and nothing else.</summary>
    public static Books Balanced(int contacts) =>
        new(
            Answered: contacts,
            Twice: 0,
            Accepted: contacts,
            Open: 0,
            Unknown: 0,
            Dropped: 0,
            Settled: contacts,
            Reserved: 0,
            Counted: contacts,
            Lost: 0
        );

    /// <summary>Waits until the books balance; where they do not, the difference is the failure.</summary>
    /// <param name="system">Where.</param>
    /// <param name="business">Whose.</param>
    /// <param name="crowd">Who wrote to it.</param>
    /// <param name="lostBefore">What had been lost on purpose before.</param>
    public static async Task<Books> BalanceAsync(RunningSystem system, Business business, Crowd crowd, int lostBefore = 0)
    {
        var balanced = Balanced(crowd.Contacts.Count);
        var books = balanced;
        try
        {
            await RunningSystem.UntilAsync(
                "the books to balance",
                async () => (books = await ReadAsync(system, business, crowd, lostBefore)) == balanced,
                Patience
            );
        }
        catch (TimeoutException)
        {
            books.ShouldBe(balanced);
        }
        return books;
    }

    /// <summary>
    /// Waits until the books balance, lets every time that somebody may still wait for run out, and reads them again: nothing more came.
    /// </summary>
    public static async Task<Books> CloseAsync(RunningSystem system, Business business, Crowd crowd)
    {
        await BalanceAsync(system, business, crowd);
        // Longer than any status, lease, retry, reservation or late answer is waited for.
        await system.AdvanceAsync("00:40:00");
        await system.Demo.PassMarkerAsync("905599000001");
        return await ReadAsync(system, business, crowd, lostBefore: 0);
    }

    /// <summary>Messages in quarantine or in an error queue.</summary>
    public static async Task<int> CountLostAsync(RunningSystem system)
    {
        await using var gateway = system.OpenDatabase("messaging-gateway");
        await using var responder = system.OpenDatabase("ai-responder");
        return (await gateway.ReadAsync<int>("select 1 from quarantine")).Count
            + (await responder.ReadAsync<int>("select 1 from quarantine")).Count
            + (await system.Bus.ReadErrorsAsync()).Count;
    }

    private static async Task<Books> ReadAsync(RunningSystem system, Business business, Crowd crowd, int lostBefore)
    {
        await using var gateway = system.OpenDatabase("messaging-gateway");
        await using var billing = system.OpenDatabase("billing");
        var sends = await gateway.ReadAsync<string>(
            "select case when drop_reason = 'Unknown' then 'Unknown' else state end from send where tenant_id = $1",
            business.Tenant
        );
        var reservations = await billing.ReadAsync<string>("select state from reservation where tenant_id = $1", business.Tenant);
        var counted = await billing.ReadAsync<int>(
            "select used + reserved from usage_counter where tenant_id = $1 and used + reserved > 0",
            business.Tenant
        );
        var answers = (await system.Sent.ReadAsync())
            .Where(sent => sent.PhoneNumberId == business.PhoneNumberId)
            .CountBy(sent => sent.To ?? "")
            .ToDictionary(sent => sent.Key, sent => sent.Value, StringComparer.Ordinal);
        return new(
            Answered: crowd.Contacts.Count(answers.ContainsKey),
            Twice: answers.Values.Count(count => count > 1),
            Accepted: sends.Count(state => state == "Accepted"),
            Open: sends.Count(state => state is "Queued" or "Sending"),
            Unknown: sends.Count(state => state == "Unknown"),
            Dropped: sends.Count(state => state == "Dropped"),
            Settled: reservations.Count(state => state == "Settled"),
            Reserved: reservations.Count(state => state == "Reserved"),
            Counted: counted.Sum(),
            Lost: await CountLostAsync(system) - lostBefore
        );
    }
}
