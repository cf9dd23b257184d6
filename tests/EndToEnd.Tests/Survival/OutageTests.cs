using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>A server or the model goes away while contacts write, and comes back. Everybody is answered once then.</summary>
public sealed class OutageTests
{
    private const int Contacts = 300;
    private const string Fact = "We are open on Saturday from 10:00 to 16:00.";
    private static readonly TimeSpan BeforeOutage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ServerOutage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ModelOutage = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    [LongFact("survival")]
    public Task Three_hundred_contacts_get_one_answer_each_when_RabbitMQ_is_away_for_30_seconds() =>
        RunAsync(
            "rabbitmq",
            ServerOutage,
            system => system.System.Servers.StopRabbitAsync(StopLimit),
            system => system.System.Servers.StartRabbitAsync(Stop)
        );

    [LongFact("survival")]
    public async Task Three_hundred_contacts_get_one_answer_each_when_PostgreSQL_is_away_for_30_seconds_and_webhooks_are_refused()
    {
        var crowd = await RunAsync(
            "postgresql",
            ServerOutage,
            system => system.System.Servers.StopPostgresAsync(StopLimit),
            system => system.System.Servers.StartPostgresAsync(Stop)
        );
        crowd.FirstAnswers.Keys.ShouldBe([200, 503], ignoreOrder: true);
    }

    [LongFact("survival")]
    public Task Three_hundred_contacts_get_one_answer_each_when_the_model_is_away_for_2_minutes() =>
        RunAsync(
            "model",
            ModelOutage,
            async system =>
                await system.ControlAsync(
                    "faults",
                    new
                    {
                        target = "openai",
                        kind = "status",
                        httpStatus = 503,
                        rate = 1,
                    }
                ),
            async system =>
            {
                using var cleared = await system.Http.DeleteAsync(new Uri($"{system.Run.Sandbox!.Url}/_sandbox/faults"), Stop);
                cleared.EnsureSuccessStatusCode();
            }
        );

    private static async Task<Crowd> RunAsync(
        string what,
        TimeSpan outage,
        Func<RunningSystem, Task> takeAway,
        Func<RunningSystem, Task> bringBack
    )
    {
        await using var system = await OwnSystem.StartAsync(what);
        var report = new Report($"{Contacts} contacts, {what} away for {outage.TotalSeconds} s", system);
        var business = await system.OpenBusinessAsync();
        await business.DescribeAsync(Fact);
        await system.Demo.DescribeAsync(Fact);
        var crowd = new Crowd(business, "90560", Contacts);

        await Task.WhenAll(crowd.WriteAsync(Contacts), BreakAsync());
        try
        {
            var books = await Books.CloseAsync(system, business, crowd);
            report.Add(books);
            books.ShouldBe(Books.Balanced(Contacts));
        }
        finally
        {
            await report.AddAsync(crowd);
            report.Print();
        }
        return crowd;

        async Task BreakAsync()
        {
            await Chance.PassAsync(BeforeOutage);
            await takeAway(system);
            await Chance.PassAsync(outage);
            await bringBack(system);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
