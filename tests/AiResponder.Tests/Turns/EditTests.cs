using System.Text.Json.Nodes;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

public sealed class EditTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_taken_back_during_the_call_is_not_in_the_final_request()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = async call =>
        {
            if (call.Number == 1)
                await call.HeldAsync();
            return StubAnswer.Says("ok");
        };
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("what does a coffee cost?");
        var secret = await contact.WriteAsync("my secret is 4711");
        await contact.GrantAsync();
        app.Advance(2.3);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 1);

        await contact.WriteAsync(null, MessageKind.Revoke, secret);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();
        app.Model.Calls.First().WasAborted.ShouldBeTrue();
        app.Model.Calls.Last().Said.ShouldNotContain("4711");
        reply.Answers.ShouldHaveSingleItem();
        (await contact.TurnsAsync()).Count.ShouldBe(2);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task When_all_was_taken_back_the_turn_closes_and_gives_its_reservation_back()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var only = await contact.WriteAsync("forget it");
        await contact.GrantAsync();
        await contact.WriteAsync(null, MessageKind.Revoke, only);
        app.Advance(2.3);

        await contact.QuietAsync();

        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(TurnReason.Revoked);
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        app.Model.Calls.ShouldBeEmpty();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task An_edit_replaces_the_words_even_when_it_arrives_before_them()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var original = contact.Message("what does a cofee cost?");
        var edit = contact.Message("what does a coffee cost?", MessageKind.Edit, original.MessageId);

        await app.Get<TakeInMessages>().TakeInAsync([edit], Stop);
        await app.Get<TakeInMessages>().TakeInAsync([original], Stop);
        await app.Get<TakeInMessages>().TakeInAsync([edit], Stop);
        await contact.GrantAsync();
        app.Advance(2.3);

        await contact.AnsweredAsync();
        var said = app.Model.Calls.ShouldHaveSingleItem().Said;
        said.ShouldContain("coffee");
        said.ShouldNotContain("cofee");
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task An_edit_of_an_answered_message_opens_no_turn_and_changes_the_memory()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var first = await contact.WriteAsync("my first words");
        await contact.GrantAsync();
        app.Advance(2.3);
        await contact.AnsweredAsync();

        await contact.WriteAsync("my better words", MessageKind.Edit, first);
        (await contact.ClockAsync()).IsPending.ShouldBeFalse();
        await contact.WriteAsync("and now?");
        await contact.GrantAsync();
        app.Advance(2.3);

        await contact.AnsweredAsync(2);
        app.Model.Calls.Last().Said.ShouldContain("my better words");
        app.Model.Calls.Last().Said.ShouldNotContain("my first words");
    }

    [Fact]
    public async Task Cards_of_third_persons_are_counted_and_never_quoted()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var card = contact.Message(null, MessageKind.Contacts);
        var content = new JsonObject
        {
            ["contacts"] = new JsonArray(new JsonObject { ["name"] = "Ayse Yilmaz", ["phone"] = "+905551112233" }),
        };
        card = card with { Content = contact.Seal(card.MessageId, MessageKind.Contacts, content) };
        await app.Get<TakeInMessages>().TakeInAsync([card], Stop);
        await contact.GrantAsync();
        app.Advance(2.3);

        await contact.AnsweredAsync();
        var said = app.Model.Calls.ShouldHaveSingleItem().Said;
        said.ShouldContain("[contact cards: 1]");
        said.ShouldNotContain("Yilmaz");
        said.ShouldNotContain("5551112233");
    }
}
