using System.Text;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.EndToEnd.Tests.Intake;
using WpAsis.Privacy.Subjects;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Rights;

/// <summary>Every service is killed while a person is forgotten or takes a copy: both end as if nothing had happened.</summary>
public sealed class RightsUnderKillTests(RunningSystem system)
{
    private const int Seed = 20261129;
    private const string Said = "when are you open on Saturday?";

    // Written by whatever happens at all: what was handled, what is to be told, what was logged, who called whom; and, by the hour of
    // billing's own sweepers, how far Stripe was read and when a customer is looked at next.
    private static readonly string[] Machinery =
    [
        ".inbox",
        ".outbox",
        ".system_log",
        ".openiddict_token",
        ".openiddict_authorization",
        "billing: public.stripe_cursor",
        "billing: public.tenant_route",
    ];

    [LongFact("rights")]
    public async Task Persons_are_forgotten_and_take_copies_completely_while_services_are_killed()
    {
        var kills = await RunAsync(rounds: 5);
        kills.Counts.Values.ShouldAllBe(count => count > 0);
    }

    private async Task<KillAtRandom> RunAsync(int rounds)
    {
        Say($"seed {Seed}");
        var kills = new KillAtRandom(system, new Chance(Seed));
        var business = await system.OpenBusinessAsync();
        var third = await MeetAsync(business, Meta.NewContact());
        for (var round = 1; round <= rounds; round++)
        {
            await RoundAsync(business, third, kills);
            Say($"round {round} of {rounds}, kills so far:\n{kills}");
        }
        return kills;
    }

    // Two contacts and two accounts at once: a copy and an erasure each.
    private async Task RoundAsync(Business business, Person third, KillAtRandom kills)
    {
        var (taker, leaver) = (await MeetAsync(business, Meta.NewContact()), await MeetAsync(business, Meta.NewContact()));
        var (takingBusiness, leavingBusiness) = (await OpenAsync(), await OpenAsync());
        var (copy, erasure) = (await PrivacyPage.AskAsync(system, "Access"), await PrivacyPage.AskAsync(system, "Erasure"));
        await copy.ProveAsync(business, taker.Contact);
        await erasure.ProveAsync(business, leaver.Contact);
        var accountCopy = await AskAsync(takingBusiness, new { kind = "Portability" });
        var accountErasure = await AskAsync(leavingBusiness, new { kind = "Erasure", closeBusinesses = true });
        Guid[] requests = [copy.Request, erasure.Request, accountCopy, accountErasure];

        await kills.RunAsync(() => ReadOpenAsync(requests));
        await RunningSystem.UntilAsync(
            "all four are done",
            async () => (await ReadOpenAsync(requests)).Count == 0,
            TimeSpan.FromMinutes(10)
        );
        await kills.WaitForAllAsync();
        await RunningSystem.UntilAsync("nothing is under way", IsQuietAsync, TimeSpan.FromMinutes(5));

        await RepeatAsync(copy.Request, []);
        await RepeatAsync(accountCopy, []);
        await RepeatAsync(erasure.Request, await VerifyAsync(erasure.Request));
        await RepeatAsync(accountErasure, await VerifyAsync(accountErasure));
        await CheckCopyAsync(copy, business, taker);
        await CheckAccountCopyAsync(accountCopy, takingBusiness);
        await ComeBackAsync(business, leaver, third);
    }

    // Who comes back is somebody else, and nothing in any database leads from one to the other.
    private async Task ComeBackAsync(Business business, Person before, Person third)
    {
        var after = await MeetAsync(business, before.Contact, replies: 2);
        after.Subject.ShouldNotBe(before.Subject);
        after.Thread.ShouldNotBe(before.Thread);
        var rows = await AllRows.ReadAsync(system);
        rows.Between(before.Subject, after.Subject, third.Subject).Select(row => $"{row.Table} {row.Json}").ShouldBeEmpty();
        rows.Between(before.Thread, after.Subject, third.Thread).Select(row => $"{row.Table} {row.Json}").ShouldBeEmpty();
        Say("a forgotten person's id stands in: " + Describe(rows.Of(before.Subject)));
        Say("their thread's id stands in: " + Describe(rows.Of(before.Thread)));
    }

    private async Task CheckCopyAsync(PrivacyPage page, Business business, Person person)
    {
        var files = await page.DownloadAsync(business, person.Contact);
        ArchiveFiles.Check(files);
        Encoding.UTF8.GetString(files["data/messaging-gateway.json"]).ShouldContain(person.Contact);
        Encoding.UTF8.GetString(files["data/ai-responder.json"]).ShouldContain(Said);
        await CheckChunksAsync(page.Request);
    }

    private async Task CheckAccountCopyAsync(Guid request, Business business)
    {
        using var response = await business.SendAsync(HttpMethod.Get, "data-subject-request", $"/requests/dsr_{request:N}/download");
        response.EnsureSuccessStatusCode();
        var files = PrivacyPage.Unzip(await response.Content.ReadAsByteArrayAsync(Stop));
        ArchiveFiles.Check(files);
        Encoding.UTF8.GetString(files["data/identity.json"]).ShouldContain(business.Email);
        await CheckChunksAsync(request);
    }

    // Signed in before the kills begin.
    private async Task<Business> OpenAsync()
    {
        var business = await system.OpenBusinessAsync();
        await business.CallAsync(HttpMethod.Get, "data-subject-request", "/requests");
        return business;
    }

    private static async Task<Guid> AskAsync(Business business, object body)
    {
        var asked = await business.CallAsync(HttpMethod.Post, "data-subject-request", "/requests", body);
        return Guid.Parse(asked.GetProperty("requestId").GetString()!["dsr_".Length..]);
    }

    /// <summary>Which of these are not done: what they are, and where they stand.</summary>
    private async Task<IReadOnlyList<string>> ReadOpenAsync(Guid[] requests)
    {
        await using var database = system.OpenDatabase("data-subject-request");
        return await database.ReadAsync<string>(
            """
            select lower(subject_kind || ' ' || kind) from subject_request
            where request_id = any ($1) and state not in ('Delivered', 'Completed')
            """,
            requests
        );
    }

    /// <summary>Every service signed with its own key, and keeps the very receipt that it gave away.</summary>
    private async Task<List<string>> VerifyAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        var services = await requests.ReadAsync<string>("select service from request_task where request_id = $1 order by 1", request);
        services.ShouldBe(["ai-responder", "billing", "identity", "messaging-gateway"]);
        var receipts = await ReceiptsAsync(request);
        foreach (var (service, jws) in services.Zip(receipts))
        {
            var keys = await requests.ReadAsync<string>("select kid || ' ' || x || ' ' || y from receipt_key where service = $1", service);
            var receipt = keys.Select(key => key.Split(' '))
                .Select(key => new ReceiptKey(key[0], key[1], key[2]).Verify(jws))
                .OfType<Receipt>()
                .Single();
            (receipt.Service, receipt.RequestId.Value, receipt.Act).ShouldBe((service, request, ReceiptAct.Erased));
            await using var database = system.OpenDatabase(service);
            (await database.ReadAsync<string>("select jws from subject_receipt where request_id = $1", request)).ShouldBe([jws]);
        }
        return receipts;
    }

    /// <summary>The whole request once more, from the first question on.</summary>
    private async Task RepeatAsync(Guid request, List<string> receipts)
    {
        var before = (await AllRows.ReadAsync(system)).Fingerprints(Machinery);
        await using var requests = system.OpenDatabase("data-subject-request");
        await requests.RunAsync(
            $"""
            update request_task set done_at = null where request_id = '{request}';
            update subject_request set state = 'Locating', closed_at = null where request_id = '{request}' and state = 'Delivered';
            update subject_request set state = 'Executing', closed_at = null where request_id = '{request}' and state = 'Completed';
            update request_route set next_at = timestamptz 'epoch', closed_at = null where request_id = '{request}';
            """
        );
        await RunningSystem.UntilAsync("it is done once more", async () => (await ReadOpenAsync([request])).Count == 0);
        (await ReceiptsAsync(request)).ShouldBe(receipts);
        var after = (await AllRows.ReadAsync(system)).Fingerprints(Machinery);
        after
            .Keys.Union(before.Keys, StringComparer.Ordinal)
            .Where(table => !table.StartsWith("data-subject-request", StringComparison.Ordinal))
            .Where(table => after.GetValueOrDefault(table) != before.GetValueOrDefault(table))
            .ShouldBeEmpty();
    }

    // A call whose process was killed waits for its status; what was decided waits to be told.
    private async Task<bool> IsQuietAsync()
    {
        foreach (var service in KillAtRandom.Services)
        {
            await using var database = system.OpenDatabase(service);
            if ((await database.ReadAsync<int>("select 1 from outbox limit 1")).Count > 0)
                return false;
        }
        await using var gateway = system.OpenDatabase("messaging-gateway");
        return (await gateway.ReadAsync<int>("select 1 from send_route limit 1")).Count == 0;
    }

    private async Task<Person> MeetAsync(Business business, string contact, int replies = 1)
    {
        await business.WriteAsync(contact, Said);
        await RunningSystem.UntilAsync(
            $"an answer to {contact}",
            async () => (await business.RepliesToAsync(contact)).Count(text => text.Contains("10:00", StringComparison.Ordinal)) >= replies
        );
        var thread = Guid.Parse((await business.NewestThreadAsync())["thr_".Length..]);
        await using var gateway = system.OpenDatabase("messaging-gateway");
        return new(contact, (await gateway.ReadAsync<Guid>("select subject from thread where id = $1", thread)).Single(), thread);
    }

    // What a broken try had written is gone.
    private async Task CheckChunksAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        const string Others = """
            select count(*) from archive_chunk c join subject_request r on r.request_id = c.request_id
            where r.request_id = $1 and c.try <> r.archive_try
            """;
        (await requests.ReadAsync<long>(Others, request)).ShouldBe([0]);
    }

    private async Task<List<string>> ReceiptsAsync(Guid request)
    {
        await using var requests = system.OpenDatabase("data-subject-request");
        return await requests.ReadAsync<string>("select receipt from request_task where request_id = $1 order by service", request);
    }

    private static string Describe(IEnumerable<AnyRow> rows) =>
        string.Join(", ", rows.CountBy(row => row.Table, StringComparer.Ordinal).Select(table => $"{table.Key} ({table.Value})"));

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed record Person(string Contact, Guid Subject, Guid Thread);
}
