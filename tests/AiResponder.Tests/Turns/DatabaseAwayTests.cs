using Npgsql;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

public sealed class DatabaseAwayTests(SharedServers servers)
{
    // Without repeats inside of the library, which would hide a short outage.
    private static readonly Dictionary<string, string> NoRepeats = new(StringComparer.Ordinal)
    {
        ["Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableRetry"] = "true",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_made_while_the_database_is_away_is_kept_and_sealed_when_it_is_back()
    {
        await using var app = await ResponderApplication.StartAsync(servers, settings: NoRepeats);
        app.Model.Answer = async call =>
        {
            await call.HeldAsync();
            return StubAnswer.Says("kept");
        };
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 1);
        await app.Database.TakeAwayAsync();
        app.Model.Calls.Single().Release();
        await Eventually.HoldsAsync(() => app.Outages.Count > 1);

        // Longer than the lease: what it works on it does not take from itself.
        app.Advance(31);
        await app.Database.BringBackAsync();

        contact.Open((await contact.AnsweredAsync()).ShouldHaveSingleItem()).Text.ShouldBe("kept");
        app.Model.Calls.ShouldHaveSingleItem();
        (await contact.ClockAsync()).Attempts.ShouldBe((short)0);
        (await contact.TurnsAsync()).ShouldHaveSingleItem().State.ShouldBe(TurnState.Sealed);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_turn_claimed_while_the_database_goes_away_costs_no_attempt_however_long_that_takes()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing, NoRepeats);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        var claim = (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
        using var turn = app.Get<RunningTurns>().Add(claim);
        await app.Database.TakeAwayAsync();
        var work = app.Get<GenerateReply>().RunAsync(turn);
        await Eventually.HoldsAsync(() => app.Outages.Count > 3);
        await app.Database.BringBackAsync();
        await work;

        (await contact.AnsweredAsync()).ShouldHaveSingleItem();
        (await contact.TurnsAsync()).ShouldHaveSingleItem().Fence.ShouldBe(1);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task So_many_turns_at_once_open_no_more_connections_than_there_are_places()
    {
        using var database = new ReachDatabase(new CountingLogger<ReachDatabase>());
        var (now, most) = (0, 0);
        using var open = new SemaphoreSlim(0);
        var turns = Enumerable
            .Range(0, 200)
            .Select(_ =>
                database.RunAsync(
                    async token =>
                    {
                        var here = Interlocked.Increment(ref now);
                        InterlockedMax(ref most, here);
                        await open.WaitAsync(token);
                        Interlocked.Decrement(ref now);
                    },
                    Stop
                )
            )
            .ToList();
        await Eventually.HoldsAsync(() => Volatile.Read(ref now) == ReachDatabase.Places);
        open.Release(200);
        await Task.WhenAll(turns);

        most.ShouldBe(ReachDatabase.Places);
    }

    [Fact]
    public async Task An_error_of_ours_is_not_repeated_and_an_end_is_obeyed()
    {
        using var database = new ReachDatabase(new CountingLogger<ReachDatabase>());
        var tries = 0;
        await Should.ThrowAsync<InvalidOperationException>(() =>
            database.RunAsync<int>(_ => ++tries > 0 ? throw new InvalidOperationException("ours") : Task.FromResult(0), Stop)
        );
        tries.ShouldBe(1);

        using var end = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            database.RunAsync<int>(
                async _ =>
                {
                    if (++tries == 3)
                        await end.CancelAsync();
                    throw new NpgsqlException("away", new TimeoutException());
                },
                end.Token
            )
        );
        tries.ShouldBe(3);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
