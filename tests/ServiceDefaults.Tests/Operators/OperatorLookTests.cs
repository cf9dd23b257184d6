using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Sweeping;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests.Operators;

public sealed class OperatorLookTests(SharedServers servers)
{
    private static readonly Uri NoBus = new("amqps://nobody:nothing@localhost:1/none");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_outbox_says_how_much_waits_how_long_and_of_which_type()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);
        await using var db = host.Work.CreateContext();
        for (var i = 0; i < 3; i++)
        {
            var message = new TenantRegistered
            {
                TenantId = TypedId.New<TenantId>(host.Clock),
                Country = "XQ",
                At = host.Clock.GetUtcNow(),
            };
            db.Publish(message, host.Clock);
        }
        await db.SaveChangesAsync(Stop);
        host.Clock.MoveTo(TimeSpan.FromMinutes(5));

        var outbox = await host.CallAsync(HttpMethod.Get, "/operators/outbox");

        outbox.GetProperty("backlog").GetInt64().ShouldBe(3);
        outbox.GetProperty("oldestAgeSeconds").GetDouble().ShouldBeInRange(300, 420);
        var type = outbox.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (type.GetProperty("type").GetString(), type.GetProperty("count").GetInt64()).ShouldBe(("Identity:TenantRegistered", 3));
        outbox.GetRawText().ShouldNotContain("XQ");
    }

    [Fact]
    public async Task Timers_say_who_looked_who_failed_and_what_is_due()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(
            database,
            NoBus,
            builder => builder.Services.AddSweeper<FailingSweeper>().AddTimerRows("tenant_route", "due_at")
        );
        await InsertRouteAsync(host, TimeSpan.FromMinutes(-1));
        await InsertRouteAsync(host, TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(async () => (await TimerAsync("FailingSweeper")).TryGetProperty("lastError", out _));

        var timers = await host.CallAsync(HttpMethod.Get, "/operators/timers");
        var failing = await TimerAsync("FailingSweeper");

        failing.GetProperty("lastError").GetString().ShouldBe("InvalidOperationException");
        failing.GetProperty("nextRunAt").GetDateTimeOffset().ShouldBeGreaterThan(failing.GetProperty("lastRunAt").GetDateTimeOffset());
        timers.GetRawText().ShouldNotContain("canary");
        timers
            .GetProperty("items")
            .EnumerateArray()
            .Select(item => item.GetProperty("name").GetString())
            .ShouldBe(["FailingSweeper", "KeepDayPartitions", "OutboxDispatcher", "PurgeInbox"]);
        var due = timers
            .GetProperty("rows")
            .EnumerateArray()
            .ToDictionary(row => row.GetProperty("table").GetString()!, StringComparer.Ordinal);
        due["tenant_route"].GetProperty("due").GetInt64().ShouldBe(1);
        due["outbox"].GetProperty("due").GetInt64().ShouldBe(0);

        async Task<System.Text.Json.JsonElement> TimerAsync(string name) =>
            (await host.CallAsync(HttpMethod.Get, "/operators/timers"))
                .GetProperty("items")
                .EnumerateArray()
                .Single(item => item.GetProperty("name").GetString() == name);
    }

    [Fact]
    public async Task Retention_runs_now_forgets_what_has_had_its_time_and_nothing_else()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);
        var purge = host.Services.GetRequiredService<PurgeInbox<EmptyDbContext>>();
        await purge.StopAsync(Stop);
        await InsertInboxAsync(host, TimeSpan.FromDays(9));
        await InsertInboxAsync(host, TimeSpan.FromDays(9));
        await InsertInboxAsync(host, TimeSpan.FromDays(7));

        var first = await RunAsync();
        var second = await RunAsync();

        first["PurgeInbox"].GetProperty("inbox").GetInt64().ShouldBe(2);
        second["PurgeInbox"].EnumerateObject().ShouldBeEmpty();
        first.Keys.ShouldBe(["KeepDayPartitions", "PurgeInbox"], ignoreOrder: true);
        await using var command = host.Work.DataSource.CreateCommand("select count(*) from inbox");
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(1L);

        async Task<Dictionary<string, System.Text.Json.JsonElement>> RunAsync() =>
            (await host.CallAsync(HttpMethod.Post, "/operators/retention/run"))
                .GetProperty("items")
                .EnumerateArray()
                .ToDictionary(item => item.GetProperty("sweeper").GetString()!, item => item.GetProperty("purged"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_purge_that_fails_is_named_and_the_others_run()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus, builder => builder.Services.AddSweeper<FailingSweeper>());
        await host.Services.GetRequiredService<PurgeInbox<EmptyDbContext>>().StopAsync(Stop);
        await InsertInboxAsync(host, TimeSpan.FromDays(9));

        using var response = await ServiceHost.SendAsync(
            host.Management,
            HttpMethod.Post,
            "/operators/retention/run",
            host.OperatorToken()
        );

        ((int)response.StatusCode).ShouldBe(503);
        var text = await response.Content.ReadAsStringAsync(Stop);
        text.ShouldContain("/problems/retention-incomplete");
        text.ShouldContain("FailingSweeper: InvalidOperationException");
        text.ShouldNotContain("canary");
        await using var command = host.Work.DataSource.CreateCommand("select count(*) from inbox");
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(0L);
    }

    private static async Task InsertInboxAsync(ServiceHost host, TimeSpan ago)
    {
        await using var command = host.Work.DataSource.CreateCommand(
            "insert into inbox (message_id, consumer, received_at) values ($1, 'test', $2)"
        );
        command.Parameters.Add(new() { Value = TypedId.RandomGuid() });
        command.Parameters.Add(new() { Value = host.Clock.GetUtcNow() - ago });
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task InsertRouteAsync(ServiceHost host, TimeSpan due)
    {
        await using var command = host.Work.DataSource.CreateCommand(
            "insert into tenant_route (tenant_id, task, due_at) values ($1, 'Purge', $2)"
        );
        command.Parameters.Add(new() { Value = TypedId.RandomGuid() });
        command.Parameters.Add(new() { Value = host.Clock.GetUtcNow() + due });
        await command.ExecuteNonQueryAsync(Stop);
    }

    private sealed class FailingSweeper(ILogger<FailingSweeper> logger) : Sweeper(logger)
    {
        public override bool Purges => true;

        protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

        protected override Task<bool> SweepAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("canary");
    }
}
