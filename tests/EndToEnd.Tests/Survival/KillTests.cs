using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>Processes die at any moment. Nobody is left without an answer, nobody gets two, and each answer is paid for once.</summary>
public sealed class KillTests(RunningSystem shared)
{
    private const string Fact = "We are open on Saturday from 10:00 to 16:00.";

    [Fact]
    public async Task Twelve_contacts_get_one_answer_each_while_gateway_responder_and_billing_are_killed()
    {
        var chance = Chance.New();
        var report = new Report($"12 contacts, kill -9, seed {chance.Seed}", shared);
        var business = await OpenAsync(shared);
        var crowd = new Crowd(business, "90562", 12);
        using var executioner = new Executioner(shared, business, chance);
        var lostBefore = await Books.CountLostAsync(shared);

        await Task.WhenAll(
            crowd.WriteAsync(crowd.Contacts.Count - 1),
            executioner.KillInCallAsync(crowd, taken: true),
            executioner.KillAtRandomAsync(Executioner.Responder, 1),
            executioner.KillAtRandomAsync(Executioner.Billing, 1)
        );
        report.Add(executioner.Kills);
        report.Add(await Books.BalanceAsync(shared, business, crowd, lostBefore));
        report.Print();
        foreach (var service in new[] { Executioner.Gateway, Executioner.Responder, Executioner.Billing })
            await executioner.UntilHealthyAsync(service);
    }

    [LongFact("survival")]
    public async Task Three_hundred_contacts_get_one_answer_each_while_gateway_responder_and_billing_are_killed()
    {
        const int InCall = 10;
        await using var system = await OwnSystem.StartAsync("kills");
        var chance = Chance.New();
        var report = new Report($"300 contacts, kill -9, seed {chance.Seed}", system);
        var business = await OpenAsync(system);
        var crowd = new Crowd(business, "90558", 300);
        using var executioner = new Executioner(system, business, chance);

        await Task.WhenAll(
            crowd.WriteAsync(crowd.Contacts.Count - InCall),
            executioner.KillAtRandomAsync(Executioner.Gateway, 5),
            executioner.KillAtRandomAsync(Executioner.Responder, 5),
            executioner.KillAtRandomAsync(Executioner.Billing, 5),
            KillInCallsAsync()
        );
        report.Add(executioner.Kills);
        try
        {
            var books = await Books.CloseAsync(system, business, crowd);
            report.Add(books);
            books.ShouldBe(Books.Balanced(crowd.Contacts.Count));
        }
        finally
        {
            await report.AddAsync(crowd);
            report.Print();
        }
        executioner.Kills.Count(kill => kill.NotTaken > 0).ShouldBeGreaterThanOrEqualTo(InCall / 2);
        executioner.Kills.Count(kill => kill.Taken > 0).ShouldBeGreaterThanOrEqualTo(InCall / 2);

        async Task KillInCallsAsync()
        {
            for (var i = 0; i < InCall; i++)
                await executioner.KillInCallAsync(crowd, taken: i % 2 == 1);
        }
    }

    [LongFact("survival")]
    public async Task An_answer_that_Graph_took_before_the_call_timed_out_is_not_sent_again_when_its_status_comes_20_seconds_late()
    {
        await using var system = await OwnSystem.StartAsync("late-status");
        var report = new Report("time-out after acceptance, status 20 s late", system);
        var business = await OpenAsync(system);
        var crowd = new Crowd(business, "90559", 1);
        foreach (var (kind, delay) in new (string, int?)[] { ("late-status", 20_000), ("timeout-after-accept", null) })
        {
            await system.ControlAsync(
                "faults",
                new
                {
                    target = "graph",
                    kind,
                    delayMs = delay,
                    match = crowd.Contacts[0],
                    times = 1,
                }
            );
        }

        await crowd.WriteAsync(1);
        await using var gateway = system.OpenDatabase("messaging-gateway");
        await RunningSystem.UntilAsync(
            "an unknown outcome",
            async () => (await gateway.ReadAsync<int>("select 1 from send where state = 'Unknown'")).Count == 1
        );
        var books = await Books.CloseAsync(system, business, crowd);

        report.Add(books);
        report.Print();
        books.ShouldBe(Books.Balanced(1));
    }

    private static async Task<Business> OpenAsync(RunningSystem system)
    {
        var business = await system.OpenBusinessAsync();
        await business.DescribeAsync(Fact);
        await system.Demo.DescribeAsync(Fact);
        return business;
    }
}
