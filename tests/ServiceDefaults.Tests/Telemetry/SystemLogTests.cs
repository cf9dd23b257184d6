using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using WpAsis.Privacy.Classification;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Telemetry;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests.Telemetry;

public sealed partial class SystemLogTests(SharedServers servers)
{
    private static readonly Uri NoBus = new("amqps://nobody:nothing@localhost:1/none");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Console_otlp_and_database_get_no_personal_parameter_and_no_words_of_an_exception()
    {
        await using var log = await LogDatabase.CreateAsync(servers);
        var otlp = new CapturedRecords();
        await using var console = new StringWriter();
        var before = Console.Out;
        Console.SetOut(TextWriter.Synchronized(console));
        try
        {
            await using var host = await ServiceHost.StartAsync(
                log.Database,
                NoBus,
                builder =>
                {
                    builder.Logging.AddSimpleConsole();
                    builder.Services.ConfigureOpenTelemetryLoggerProvider(provider => provider.AddProcessor(otlp));
                }
            );
            // A word of its own: tests beside this one write to the same console.
            SignedIn(Logger(host), "nightingale@example.org", 41);
            Failed(Logger(host), Thrown(), "so");
            await log.WaitForAsync("message like 'Account % signed in%'");
            await log.WaitForAsync("message like 'It failed: so%'");
        }
        finally
        {
            Console.SetOut(before);
        }

        const string Sentence = "Account  signed in for the 41st time";
        (await log.ReadAsync("message like 'Account % signed in%'")).ShouldBe([Sentence]);
        otlp.Lines.ShouldContain(line => line.StartsWith(Sentence, StringComparison.Ordinal));
        console.ToString().ShouldContain(Sentence);
        (await log.ReadAsync("message like '%nightingale%'")).ShouldBeEmpty();
        otlp.Lines.ShouldAllBe(line => !line.Contains("nightingale"));
        console.ToString().ShouldNotContain("nightingale");
        // Where it happened is told to both.
        otlp.Lines.ShouldContain(line => line.Contains("exception.type=System.InvalidOperationException"));
        foreach (var told in (string[])[string.Join('\n', otlp.Lines), console.ToString()])
        {
            told.ShouldContain("caused by System.TimeoutException");
            told.ShouldContain($"{nameof(SystemLogTests)}.{nameof(Thrown)}");
        }
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("nightingale", new TimeoutException("nightingale"));
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    [Fact]
    public async Task A_record_says_what_it_was_and_of_an_exception_only_its_type()
    {
        await using var log = await LogDatabase.CreateAsync(servers);
        await using var host = await ServiceHost.StartAsync(log.Database, NoBus);

        Whispered(Logger(host));
        Failed(Logger(host), new InvalidOperationException("canary", new TimeoutException("canary")), "half \ud83d pair, nul \0");
        await log.WaitForAsync("message like 'It failed%'");

        (await log.ReadAsync("message like 'It failed%'", "level || ' ' || category || ' ' || event_name || ' ' || message")).ShouldBe([
            $"Error {typeof(SystemLogTests).FullName} Failed "
                + "It failed: half \ufffd pair, nul \ufffd (InvalidOperationException < TimeoutException)",
        ]);
        (await log.ReadAsync("message like '%canary%' or message like '%whisper%'")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_role_that_writes_the_log_can_do_nothing_else()
    {
        await using var log = await LogDatabase.CreateAsync(servers);
        await using var host = await ServiceHost.StartAsync(log.Database, NoBus);
        Counted(Logger(host), 1);
        await log.WaitForAsync("message = 'Record 1'");

        foreach (
            var statement in (string[])
                [
                    "select message from log.system_log",
                    "update log.system_log set message = ''",
                    "delete from log.system_log",
                    "truncate log.system_log",
                    "select count(*) from outbox",
                    "insert into inbox values (gen_random_uuid(), 'x', '2026-11-24Z')",
                    "select drop_day('log.system_log', '2026-11-24')",
                ]
        )
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => LogDatabase.RunAsync(log.Database.Log, statement));
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
        }
    }

    [Fact]
    public async Task While_the_database_is_away_the_buffer_fills_counts_what_does_not_fit_and_makes_nobody_wait()
    {
        await using var log = await LogDatabase.CreateAsync(servers);
        await using var host = await ServiceHost.StartAsync(log.Database, NoBus);
        using var dropped = new CountedRecords(host.Services, "wpasis.system_log.dropped");
        Counted(Logger(host), 0);
        await log.WaitForAsync("message = 'Record 0'");

        await log.Database.TakeAwayAsync();
        const int TooMany = SystemLogBuffer.Capacity + 2_000;
        for (var i = 1; i <= TooMany; i++)
            Counted(Logger(host), i);
        dropped["full"].ShouldBeInRange(TooMany - SystemLogBuffer.Capacity - 600, 2_100);
        // All of them are on the console, whatever becomes of the database.
        host.Logs.Lines.Count(line => line.StartsWith("Record ", StringComparison.Ordinal)).ShouldBe(TooMany + 1);
        await Eventually.HoldsAsync(() =>
            Task.FromResult(host.Logs.Lines.Any(line => line.StartsWith("The system log can't be written", StringComparison.Ordinal)))
        );
        await log.Database.BringBackAsync();
        // The second batch is out of the buffer: there is room for one more.
        await log.WaitForAsync("message = 'Record 1000'");

        Counted(Logger(host), TooMany + 1);
        await log.WaitForAsync($"message = 'Record {TooMany + 1}'");
        var kept = await log.ReadAsync("message like 'Record %'");
        kept.Distinct(StringComparer.Ordinal).Count().ShouldBe(kept.Count);
        (kept.Count + dropped["full"]).ShouldBeGreaterThanOrEqualTo(TooMany + 2);
        (await log.ReadAsync("message like '%did not fit%'")).ShouldNotBeEmpty();
        (await log.ReadAsync("message like '%can''t be written%'")).ShouldBeEmpty("its own troubles are not logged into itself");
    }

    [Fact]
    public async Task The_last_words_are_written_before_the_end_and_the_end_does_not_wait_for_a_database_that_is_away()
    {
        await using var log = await LogDatabase.CreateAsync(servers);
        var host = await ServiceHost.StartAsync(log.Database, NoBus);
        Counted(Logger(host), 1);
        await host.DisposeAsync();
        (await log.ReadAsync("message = 'Record 1'")).Count.ShouldBe(1);

        var second = await ServiceHost.StartAsync(log.Database, NoBus);
        using var dropped = new CountedRecords(second.Services, "wpasis.system_log.dropped");
        await log.Database.TakeAwayAsync();
        Counted(Logger(second), 2);
        await second.DisposeAsync();

        dropped["shutdown"].ShouldBeGreaterThanOrEqualTo(1);
        await log.Database.BringBackAsync();
    }

    [Fact]
    public async Task A_day_is_dropped_when_90_days_have_passed_since_its_end_and_not_before_and_a_jump_of_the_clock_loses_nothing()
    {
        await using var log = await LogDatabase.CreateAsync(servers);
        await using var host = await ServiceHost.StartAsync(log.Database, NoBus);
        var partitions = host.Services.GetRequiredService<KeepDayPartitions<EmptyDbContext>>();
        Counted(Logger(host), 1);
        await log.WaitForAsync("message = 'Record 1'");
        var endOfDay = host.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1);

        // Nobody made this day: the writer meets it first.
        MoveTo(endOfDay.AddDays(89));
        Counted(Logger(host), 2);
        await log.WaitForAsync("message = 'Record 2'");
        MoveTo(endOfDay.AddDays(90).AddMinutes(-1));
        await partitions.EnsureAsync(Stop);
        (await log.ReadAsync("message = 'Record 1'")).Count.ShouldBe(1);

        MoveTo(endOfDay.AddDays(90).AddMinutes(1));
        await partitions.EnsureAsync(Stop);
        (await log.ReadAsync("message = 'Record 1'")).ShouldBeEmpty();
        (await log.ReadAsync("message = 'Record 2'")).Count.ShouldBe(1);

        void MoveTo(DateTime moment) => host.Clock.MoveTo(moment - TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    private static ILogger Logger(ServiceHost host) => host.Services.GetRequiredService<ILogger<SystemLogTests>>();

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Email} signed in for the {Times}st time")]
    private static partial void SignedIn(ILogger logger, [EmailData] string email, int times);

    [LoggerMessage(Level = LogLevel.Information, Message = "Record {Number}")]
    private static partial void Counted(ILogger logger, int number);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A whisper")]
    private static partial void Whispered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "It failed: {How}")]
    private static partial void Failed(ILogger logger, Exception error, string how);

    private sealed class CapturedRecords : BaseProcessor<LogRecord>
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public override void OnEnd(LogRecord data) =>
            _lines.Enqueue(
                $"{data.FormattedMessage} {string.Join(' ', data.Attributes?.Select(pair => $"{pair.Key}={pair.Value}") ?? [])}"
            );
    }
}
