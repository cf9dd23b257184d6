using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.Billing;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

/// <summary>A worker that dies leaves its steps as they were: each test takes the steps up to a boundary and then nothing more.</summary>
public sealed class CrashTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("claimed", 1)]
    [InlineData("opened", 1)]
    [InlineData("generated", 2)]
    [InlineData("sealed", 1)]
    public async Task A_worker_that_dies_costs_at_most_a_call_and_never_a_second_reply(string boundary, int calls)
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await DieAtAsync(app, boundary);

        await using var survivor = app.Replica(Running.Workers);
        survivor.Advance(31);
        app.Advance(31);
        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();
        await contact.QuietAsync();

        reply.ReplyId.ShouldBe(Turn.ReplyIdOf(contact.Thread, 1));
        app.Model.Calls.Count.ShouldBe(calls);
        (await contact.RepliesAsync()).ShouldHaveSingleItem();
        (await app.PublishedAsync<ReserveUsage>()).ShouldHaveSingleItem();
        (await contact.ReleasedAsync()).ShouldBeEmpty();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_claim_that_nobody_came_to_open_is_no_attempt()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        for (var i = 0; i < 8; i++)
        {
            (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
            app.Advance(31);
        }

        await using var survivor = app.Replica(Running.Workers);
        (await contact.AnsweredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(Contracts.AiResponder.ReplyOutcome.Answered);
        app.Model.Calls.ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_zombie_seals_nothing()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        var claim = (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
        var opened = (await app.Get<OpenTurn>().OpenAsync(claim, Stop)).ShouldNotBeNull();
        app.Advance(31);

        // Paused for longer than its lease: another worker has taken over.
        await using var other = app.Replica(Running.Nothing);
        var second = (await other.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
        var reopened = (await other.Get<OpenTurn>().OpenAsync(second, Stop)).ShouldNotBeNull();
        var said = new ComposedReply(Contracts.AiResponder.ReplyOutcome.Answered, TurnReason.None, new("hi", "en", [], []));

        (await app.Get<SealReply>().SealAsync(opened, said, new ModelUse(), Stop)).ShouldBeFalse();
        (await contact.GeneratedAsync()).ShouldBeEmpty();
        await app.Get<ReleaseTurn>().ReleaseAsync(opened, TurnReason.Changed, new ModelUse(), null, Stop);
        (await contact.ClockAsync()).Owner.ShouldBe(second.Owner);
        (await other.Get<SealReply>().SealAsync(reopened, said, new ModelUse(), Stop)).ShouldBeTrue();
        (await other.Get<SealReply>().SealAsync(reopened, said, new ModelUse(), Stop)).ShouldBeFalse();
        (await contact.GeneratedAsync()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task Two_replicas_never_claim_the_same_turn()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        await using var other = app.Replica(Running.Nothing);
        var contacts = Enumerable.Range(0, 40).Select(_ => new Conversation(app)).ToList();
        await app.Get<TakeInMessages>().TakeInAsync([.. contacts.Select(contact => contact.Message("hello"))], Stop);
        app.Advance(2.3);
        other.Advance(2.3);

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? app : other).Get<ClaimTurns>().ClaimAsync(10, Stop))
        );

        claims.SelectMany(claim => claim).Select(claim => claim.ThreadId).ShouldBeUnique();
        claims.Sum(claim => claim.Count).ShouldBe(40);
    }

    [Fact]
    public async Task Three_lost_leases_end_in_the_fixed_text_and_not_in_a_loop()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        for (var i = 0; i < 3; i++)
        {
            app.Advance(31);
            var claim = (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
            (await app.Get<OpenTurn>().OpenAsync(claim, Stop)).ShouldNotBeNull();
        }
        app.Advance(31);
        var last = (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();

        (await app.Get<OpenTurn>().OpenAsync(last, Stop)).ShouldBeNull();

        (await contact.GeneratedAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(Contracts.AiResponder.ReplyOutcome.Notice);
        (await contact.TurnsAsync()).Single(turn => turn.State is TurnState.Sealed).Reason.ShouldBe(TurnReason.Failed);
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_heartbeat_keeps_the_lease_while_the_model_thinks_for_longer()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = async call =>
        {
            await call.HeldAsync();
            return StubAnswer.Says("thought long");
        };
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 1);
        for (var i = 0; i < 3; i++)
        {
            var before = (await contact.ClockAsync()).WakeAt;
            app.Advance(20);
            await Eventually.HoldsAsync(async () => (await contact.ClockAsync()).WakeAt > before + TimeSpan.FromSeconds(15));
        }
        app.Model.Calls.First().Release();

        await contact.AnsweredAsync();

        app.Model.Calls.ShouldHaveSingleItem();
        (await contact.ClockAsync()).Fence.ShouldBe(1);
    }

    private static async Task DieAtAsync(ResponderApplication app, string boundary)
    {
        var claim = (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
        if (boundary == "claimed")
            return;
        var opened = (await app.Get<OpenTurn>().OpenAsync(claim, Stop)).ShouldNotBeNull();
        if (boundary == "opened")
            return;
        var use = new ModelUse();
        var reply = await app.Get<ComposeReply>().ComposeAsync(opened, use, Stop);
        if (boundary == "generated")
            return;
        (await app.Get<SealReply>().SealAsync(opened, reply, use, Stop)).ShouldBeTrue();
    }
}
