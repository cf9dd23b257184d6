using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.Contracts.AiResponder;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

public sealed class ModelAwayTests(SharedServers servers)
{
    [Fact]
    public async Task While_the_model_is_away_the_turn_waits_and_is_answered_when_it_is_back()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var away = true;
        app.Model.Answer = _ => Task.FromResult(Volatile.Read(ref away) ? StubAnswer.Error(503) : StubAnswer.Says("back"));
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        for (var calls = 1; calls <= 5; calls++)
        {
            app.Advance(61);
            await Eventually.HoldsAsync(() => app.Model.Calls.Count == calls);
            await Eventually.HoldsAsync(async () => (await contact.ClockAsync()) is { Owner: null } clock && clock.Delays == calls);
        }
        Volatile.Write(ref away, false);
        app.Advance(61);

        (await contact.AnsweredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(ReplyOutcome.Answered);
        app.Model.Calls.Count.ShouldBe(6);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_storm_of_429_is_one_request_per_attempt_and_waits_as_long_as_asked()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = call => Task.FromResult(call.Number == 1 ? StubAnswer.Error(429, retryAfter: 40) : StubAnswer.Says("ok"));
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await Eventually.HoldsAsync(async () => (await contact.ClockAsync()) is { Owner: null, Delays: 1 });

        var clock = await contact.ClockAsync();

        app.Model.Calls.ShouldHaveSingleItem();
        (clock.WakeAt!.Value - app.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40));
        app.Advance(41);
        await contact.AnsweredAsync();
        app.Model.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_turn_that_fails_three_times_ends_with_one_fixed_text_and_its_reservation_goes_back()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = _ => Task.FromResult(StubAnswer.Error(422, "broken"));
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        for (var calls = 1; calls <= 3; calls++)
        {
            app.Advance(30);
            await Eventually.HoldsAsync(() => app.Model.Calls.Count == calls);
            await Eventually.HoldsAsync(async () => (await contact.ClockAsync()).Owner is null);
        }
        app.Advance(30);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();

        (reply.Outcome, reply.UsageId).ShouldBe((ReplyOutcome.Notice, null));
        app.Model.Calls.Count.ShouldBe(3);
        contact.Open(reply).Text.ShouldContain("front desk");
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }
}
