using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

public sealed class ChangeThreadTests(SharedServers servers)
{
    [Fact]
    public async Task The_highest_version_wins_whatever_arrives_first()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("hello");
        var takeOver = contact.Change(ThreadMode.Human, version: 5);
        var release = contact.Change(ThreadMode.Assistant, version: 6);

        await app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(release);
        await app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(takeOver);

        var clock = await contact.ClockAsync();
        (clock.ThreadVersion, clock.Silent, clock.IsPending).ShouldBe((6, false, true));
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_take_over_before_the_first_message_makes_the_row_and_keeps_the_assistant_silent()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(contact.Change(ThreadMode.Human, version: 2));

        // The message was taken in before the take-over and is only late.
        contact.Version = 1;
        await contact.WriteAsync("hello");

        var clock = await contact.ClockAsync();
        (clock.Silent, clock.IsPending).ShouldBe((true, false));
        (await app.PublishedAsync<ReserveUsage>()).ShouldBeEmpty();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_take_over_of_what_waits_gives_the_reservation_back_in_the_same_transaction()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("hello");
        var usage = await contact.GrantAsync();

        await contact.TakeOverAsync();

        (await contact.ReleasedAsync()).ShouldHaveSingleItem().UsageId.ShouldBe(usage);
        (await contact.UsagesAsync()).ShouldHaveSingleItem().State.ShouldBe(UsageState.Released);
        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(TurnReason.HumanInCharge);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task After_release_the_assistant_answers_what_comes_then()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.TakeOverAsync();
        contact.Mode = ThreadMode.Human;
        await contact.WriteAsync("to the person");
        await contact.ReleaseAsync();
        contact.Mode = ThreadMode.Assistant;

        await contact.WriteAsync("to the assistant");
        await contact.GrantAsync();
        app.Advance(2.3);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();
        reply.Answers.ShouldHaveSingleItem();
        app.Model.Calls.ShouldHaveSingleItem().Said.ShouldContain("to the person");
        await app.HoldsInvariantsAsync();
    }

    /// <summary>A fiftieth of the thousand of the long run would be 20; fifty fit.</summary>
    [Fact]
    public async Task Nothing_is_sealed_after_a_take_over_and_every_reservation_goes_back()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = async call =>
        {
            await call.HeldAsync();
            return StubAnswer.Says("too late");
        };
        var contacts = Enumerable.Range(0, 50).Select(_ => new Conversation(app)).ToList();
        foreach (var contact in contacts)
        {
            await contact.PublishProfileAsync();
            await contact.WriteAsync("hello");
            await contact.GrantAsync();
        }
        app.Advance(2.3);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 50);

        await Parallel.ForEachAsync(
            contacts,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (contact, _) => await contact.TakeOverAsync()
        );

        await Eventually.HoldsAsync(() => app.Model.Calls.All(call => call.WasAborted));
        await Eventually.HoldsAsync(() => app.Get<RunningTurns>().Count == 0);
        foreach (var contact in contacts)
        {
            (await contact.GeneratedAsync()).ShouldBeEmpty();
            (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        }
        await app.HoldsInvariantsAsync();
    }

    [Theory]
    [InlineData(true, false, nameof(TurnReason.OptedOut))]
    [InlineData(false, true, nameof(TurnReason.Erased))]
    public async Task Opt_out_and_erasure_close_what_waits(bool optedOut, bool erased, string reason)
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("hello");

        await app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(contact.Change(ThreadMode.Assistant, optedOut, erased));

        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ToString().ShouldBe(reason);
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }
}
