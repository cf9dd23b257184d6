using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

public sealed class GenerateReplyTests(SharedServers servers)
{
    [Fact]
    public async Task A_question_is_answered_with_a_sealed_reply_that_names_what_it_answers()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = _ => Task.FromResult(StubAnswer.Says("A coffee costs 40 TL.", copyBlocks: ["40"], suggestions: ["And tea?"]));
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var question = await contact.WriteAsync("What does a coffee cost?");
        var usage = await contact.GrantAsync();
        app.Advance(2.3);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();

        reply.Answers.ShouldBe([question]);
        (reply.UsageId, reply.Outcome, reply.FirstSequence).ShouldBe((usage, ReplyOutcome.Answered, 1));
        var text = contact.Open(reply);
        (text.Text, text.Language).ShouldBe(("A coffee costs 40 TL.", "en"));
        text.CopyBlocks.ShouldBe(["40"]);
        text.SuggestedReplies.ShouldBe(["And tea?"]);
        (await app.PublishedAsync<TurnStarted>()).ShouldHaveSingleItem().MessageIds.ShouldBe([question]);
        var turn = (await contact.TurnsAsync()).ShouldHaveSingleItem();
        (turn.State, turn.Calls, turn.InputTokens, turn.OutputTokens, turn.Model).ShouldBe((TurnState.Sealed, 1, 100, 10, "stub-1"));
        (await contact.UsagesAsync()).ShouldHaveSingleItem().State.ShouldBe(UsageState.Used);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_new_message_cancels_the_call_and_the_answer_holds_both_but_the_third_does_not()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = async call =>
        {
            await call.HeldAsync();
            return StubAnswer.Says("all of it");
        };
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("one");
        await contact.GrantAsync();
        for (var calls = 1; calls <= 3; calls++)
        {
            app.Advance(10);
            await Eventually.HoldsAsync(() => app.Model.Calls.Count == calls);
            await contact.WriteAsync($"more {calls}");
        }

        app.Model.Calls.Take(2).ShouldAllBe(call => call.WasAborted);
        var last = app.Model.Calls.Last();
        last.WasAborted.ShouldBeFalse();
        last.Release();
        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();
        reply.Answers.Count.ShouldBe(3);

        // The fourth message was left behind: it has a reservation of its own, asked for by the seal.
        (await contact.UsagesAsync())
            .Select(usage => (usage.FromSeq, usage.State))
            .ShouldBe([(1, UsageState.Used), (4, UsageState.Asked)]);
        (await app.PublishedAsync<ReserveUsage>()).Count.ShouldBe(2);
        await contact.GrantAsync();
        app.Advance(10);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 4);
        app.Model.Calls.Last().Release();
        (await contact.AnsweredAsync(2)).Last().Answers.Count.ShouldBe(1);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task What_cannot_be_read_gets_one_sentence_in_the_contacts_language_without_model_and_usage()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("Merhaba, kaçta açıksınız?");
        await contact.GrantAsync();
        app.Advance(2.3);
        await contact.AnsweredAsync();
        var calls = app.Model.Calls.Count;

        await contact.WriteAsync(null, MessageKind.Sticker);
        await contact.WriteAsync(null, MessageKind.Audio);
        app.Advance(2.3);

        var reply = (await contact.AnsweredAsync(2)).Last();
        (reply.Outcome, reply.UsageId, reply.Answers.Count).ShouldBe((ReplyOutcome.Notice, null, 2));
        contact.Open(reply).Text.ShouldBe(ReplyTexts.Unreadable("tr"));
        app.Model.Calls.Count.ShouldBe(calls);
        (await app.PublishedAsync<ReserveUsage>()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task Without_a_profile_a_turn_waits_a_minute_and_then_closes_as_not_configured()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(50);
        await Eventually.HoldsAsync(async () => (await contact.ClockAsync()).Fence > 0);
        (await contact.ClockAsync()).IsPending.ShouldBeTrue();
        app.Advance(11);

        await contact.QuietAsync();

        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(TurnReason.NotConfigured);
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_profile_published_within_that_minute_answers()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(10);
        await Eventually.HoldsAsync(async () => (await contact.ClockAsync()).Fence > 0);
        await contact.PublishProfileAsync();
        app.Advance(6);

        (await contact.AnsweredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(ReplyOutcome.Answered);
    }

    [Fact]
    public async Task A_closed_window_closes_the_turn()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        app.Advance(TimeSpan.FromHours(25));

        await contact.QuietAsync();

        (await contact.TurnsAsync()).Last().Reason.ShouldBe(TurnReason.WindowClosed);
        (await contact.GeneratedAsync()).ShouldBeEmpty();
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_connection_is_held_while_a_hundred_calls_run_on_a_pool_of_five()
    {
        await using var app = await ResponderApplication.StartAsync(
            servers,
            settings: new(StringComparer.Ordinal) { [ResponderApplication.PoolSize] = "5" }
        );
        app.Model.Answer = async call =>
        {
            await call.HeldAsync();
            return StubAnswer.Says("ok");
        };
        var contacts = Enumerable.Range(0, 100).Select(_ => new Conversation(app)).ToList();
        var tenant = contacts[0].Tenant;
        contacts = [.. contacts.Select(_ => new Conversation(app, tenant))];
        await contacts[0].PublishProfileAsync();
        await app.Get<TakeInMessages>()
            .TakeInAsync([.. contacts.Select(contact => contact.Message("hello"))], TestContext.Current.CancellationToken);
        foreach (var contact in contacts)
            await contact.GrantAsync();
        app.Advance(2.3);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 100);
        foreach (var call in app.Model.Calls)
            call.Release();

        await Eventually.HoldsAsync(async () => (await app.PublishedAsync<ReplyGenerated>()).Count == 100);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task An_orderly_end_gives_the_claim_back_at_once()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        app.Model.Answer = async call =>
        {
            if (call.Number == 1)
                await call.HeldAsync();
            return StubAnswer.Says("ok");
        };
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await using (var first = app.Replica(Running.Workers))
            await Eventually.HoldsAsync(() => app.Model.Calls.Count == 1);

        var clock = await contact.ClockAsync();
        (clock.Owner, clock.Attempts).ShouldBe((null, 0));
        await using var second = app.Replica(Running.Workers);
        await contact.AnsweredAsync();
        (await contact.TurnsAsync()).Count(turn => turn.Reason is TurnReason.Stopped).ShouldBe(1);
        await app.HoldsInvariantsAsync();
    }
}
