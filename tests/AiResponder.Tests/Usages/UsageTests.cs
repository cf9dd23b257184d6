using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Usages;

public sealed class UsageTests(SharedServers servers)
{
    [Fact]
    public async Task The_reservation_is_asked_for_when_the_first_message_arrives_and_its_end_is_computed_once()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var before = app.Clock.GetUtcNow();
        await contact.WriteAsync("one");
        app.Advance(1);
        await contact.WriteAsync("two");

        var asked = (await app.PublishedAsync<ReserveUsage>()).ShouldHaveSingleItem();

        (asked.UsageId, asked.Replies, asked.ThreadId).ShouldBe((Turn.UsageIdOf(contact.Thread, 1), 1, contact.Thread));
        (asked.ExpiresAt - before).ShouldBeInRange(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(20.2));
    }

    [Fact]
    public async Task A_late_grant_wakes_the_turn_and_a_second_one_changes_nothing()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        app.Advance(5);
        await Eventually.HoldsAsync(async () => (await contact.ClockAsync()) is { Fence: > 0, Owner: null });
        app.Model.Calls.ShouldBeEmpty();
        await contact.WriteAsync("still there?");
        app.Advance(60);

        await contact.GrantAsync();
        await contact.GrantAsync();

        (await contact.AnsweredAsync()).ShouldHaveSingleItem().Answers.Count.ShouldBe(2);
        await contact.GrantAsync();
        (await contact.UsagesAsync()).ShouldHaveSingleItem().State.ShouldBe(UsageState.Used);
        (await contact.ClockAsync()).Attempts.ShouldBe((short)0);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task Without_an_answer_it_is_asked_again_after_5_15_and_60_seconds_and_the_turn_ends_late()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello, when do you open?");
        foreach (var (seconds, asked) in new[] { (5.1, 2), (10, 3), (45, 4) })
        {
            app.Advance(seconds);
            await Eventually.HoldsAsync(async () => (await app.PublishedAsync<ReserveUsage>()).Count == asked);
        }
        (await app.PublishedAsync<ReserveUsage>())
            .Select(command => (command.UsageId, command.ExpiresAt))
            .Distinct()
            .ShouldHaveSingleItem();
        app.Advance(TimeSpan.FromMinutes(14));

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();

        (reply.Outcome, reply.UsageId).ShouldBe((ReplyOutcome.Notice, null));
        contact.Open(reply).Text.ShouldStartWith("Sorry, I could not answer you in time.");
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        (await app.PublishedAsync<SendNotice>()).ShouldHaveSingleItem().Notice.ShouldBe(NoticeKind.TurnLate);
        app.Model.Calls.ShouldBeEmpty();

        // Billing wakes up when all is over: nothing happens.
        await contact.GrantAsync();
        (await contact.UsagesAsync()).ShouldHaveSingleItem().State.ShouldBe(UsageState.Released);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_denied_answer_is_silence_unless_the_tenant_wants_a_sentence()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.DenyAsync();
        app.Advance(2.3);

        await contact.QuietAsync();

        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(TurnReason.Denied);
        (await contact.GeneratedAsync()).ShouldBeEmpty();
        (await contact.ReleasedAsync()).ShouldBeEmpty();
        app.Model.Calls.ShouldBeEmpty();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task The_tenants_sentence_is_said_at_most_once_a_day()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync(deniedText: "Please call us.");
        for (var i = 0; i < 3; i++)
        {
            if (i == 2)
                app.Advance(TimeSpan.FromHours(24));
            await contact.WriteAsync("hello");
            await contact.DenyAsync();
            app.Advance(2.3);
            await contact.QuietAsync();
        }

        var replies = await contact.GeneratedAsync();

        replies.Count.ShouldBe(2);
        replies.ShouldAllBe(reply => reply.Outcome == ReplyOutcome.Notice && reply.UsageId == null);
        (await contact.RepliesAsync()).Select(reply => reply.FromSeq).ShouldBe([1, 3]);
        app.Model.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_that_was_under_way_too_long_is_late_at_once_and_costs_nothing()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var old = contact.Message("hello") with { ReceivedAt = app.Clock.GetUtcNow().AddMinutes(-40) };
        await app.Get<TakeInMessages>().TakeInAsync([old], TestContext.Current.CancellationToken);

        (await contact.AnsweredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(ReplyOutcome.Notice);
        app.Model.Calls.ShouldBeEmpty();
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }
}
