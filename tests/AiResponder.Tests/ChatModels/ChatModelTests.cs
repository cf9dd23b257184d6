using System.Text.Json;
using Microsoft.Extensions.AI;
using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.AiResponder;
using WpAsis.TestServers;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace WpAsis.AiResponder.Tests.ChatModels;

public sealed class ChatModelTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_forbids_storing_and_names_nobody()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = call => Task.FromResult(call.Number == 1 ? StubAnswer.Raw("```json\n{}\n```") : StubAnswer.Says("ok"));
        var (first, second) = (new Conversation(app), new Conversation(app));
        foreach (var contact in new[] { first, second, first })
        {
            await contact.PublishProfileAsync();
            await contact.WriteAsync($"words of {contact.Thread}");
            await contact.GrantAsync();
            app.Advance(2.3);
            await contact.QuietAsync();
        }

        app.Model.Calls.Count.ShouldBe(4);
        foreach (var call in app.Model.Calls)
        {
            call.Path.ShouldEndWith("/chat/completions");
            call.Body.GetProperty("store").ValueKind.ShouldBe(JsonValueKind.False);
            call.Body.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean().ShouldBeTrue();
            call.Body.TryGetProperty("user", out _).ShouldBeFalse();
            call.Body.TryGetProperty("stream", out var stream).ShouldBe(stream.ValueKind is JsonValueKind.False);
            call.Body.GetProperty("messages").EnumerateArray().ShouldAllBe(message => !JsonElements.HasName(message));
            var text = call.Body.GetRawText();
            foreach (var contact in new[] { first, second })
                text.ShouldNotContain(contact.Subject.Value.ToString("N"));
        }
        // One contact is one identifier and another contact another; what one said is never in the other's request.
        var identifiers = app.Model.Calls.Select(call => call.Body.GetProperty("safety_identifier").GetString()!).ToList();
        identifiers.ShouldAllBe(identifier => identifier.Length == 64);
        (identifiers[0] == identifiers[1], identifiers[0] == identifiers[3], identifiers[0] == identifiers[2]).ShouldBe(
            (true, true, false)
        );
        app.Model.Calls.ElementAt(2).Said.ShouldNotContain(first.Thread.ToString());
        app.Model.Calls.ElementAt(3).Said.ShouldNotContain(second.Thread.ToString());
    }

    [Fact]
    public async Task A_request_without_store_false_does_not_leave()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);

        var bare = app.Get<ModelClients>().Chat;

        await Should.ThrowAsync<StoredChatException>(async () => await bare.CompleteChatAsync("hello"));
        app.Model.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_that_names_an_author_or_lacks_its_identifier_is_refused_in_a_stream_too()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var model = app.Get<IChatClient>();
        var named = new ChatMessage(ChatRole.User, "hello") { AuthorName = "Ali Veli" };

        model.ShouldBeOfType<GuardedChatClient>();
        await Should.ThrowAsync<StoredChatException>(() =>
            model.GetResponseAsync([named], new ModelCallOptions { SafetyIdentifier = "x" }, Stop)
        );
        await Should.ThrowAsync<StoredChatException>(() => model.GetResponseAsync([new(ChatRole.User, "hello")], new ChatOptions(), Stop));
        await Should.ThrowAsync<StoredChatException>(async () =>
            await model.GetStreamingResponseAsync([named], new ModelCallOptions { SafetyIdentifier = "x" }, Stop).ToListAsync(Stop)
        );
        await Should.ThrowAsync<StoredChatException>(async () =>
            await model.GetStreamingResponseAsync([new(ChatRole.User, "hello")], null, Stop).ToListAsync(Stop)
        );
        app.Model.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("refusal")]
    [InlineData("filter")]
    [InlineData("azure")]
    public async Task A_refusal_is_a_decision_and_is_not_repeated(string how)
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = _ =>
            Task.FromResult(
                how switch
                {
                    "refusal" => StubAnswer.Raw(null, refusal: "I can't."),
                    "filter" => StubAnswer.Raw("", finish: "content_filter"),
                    _ => StubAnswer.Error(400, "content_filter"),
                }
            );
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("something bad");
        await contact.GrantAsync();
        app.Advance(2.3);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();

        (reply.Outcome, reply.UsageId).ShouldBe((ReplyOutcome.Notice, null));
        contact.Open(reply).Text.ShouldStartWith("I can't help with this.");
        app.Model.Calls.ShouldHaveSingleItem();
        (await contact.ReleasedAsync()).ShouldHaveSingleItem();
        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(TurnReason.Declined);
        await app.HoldsInvariantsAsync();
    }

    [Theory]
    [InlineData("Sure! {\"outcome\":\"Answered\"}", "stop")]
    [InlineData("{\"outcome\":\"Answered\",\"language\":\"en\",\"text\":\"cut of", "length")]
    [InlineData("{\"outcome\":\"Answered\",\"language\":\"en\",\"text\":\"   \",\"copyBlocks\":[],\"suggestedReplies\":[]}", "stop")]
    public async Task An_answer_in_the_wrong_form_is_asked_for_once_more_and_then_given_up(string content, string finish)
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        app.Model.Answer = _ => Task.FromResult(StubAnswer.Raw(content, finish));
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();

        (reply.Outcome, reply.UsageId).ShouldBe((ReplyOutcome.Notice, null));
        app.Model.Calls.Count.ShouldBe(2);
        (await contact.TurnsAsync()).ShouldHaveSingleItem().Calls.ShouldBe(2);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public void An_error_beside_a_text_is_an_error()
    {
        var valid = """{"outcome":"Answered","language":"en","text":"hi","copyBlocks":[],"suggestedReplies":[]}""";

        ReplyAnswer
            .Read(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextContent(valid), new ErrorContent("failed")])))
            .Problem.ShouldBe(AnswerProblem.Declined);
        // No finish reason is a normal end.
        ReplyAnswer.Read(new ChatResponse(new ChatMessage(ChatRole.Assistant, valid))).Answer!.Text.ShouldBe("hi");
        ReplyAnswer
            .Read(new ChatResponse(new ChatMessage(ChatRole.Assistant, valid)) { FinishReason = ChatFinishReason.Length })
            .Problem.ShouldBe(AnswerProblem.TooLong);
        ReplyAnswer
            .Read(new ChatResponse(new ChatMessage(ChatRole.Assistant, valid.Replace("Answered", "Notice", StringComparison.Ordinal))))
            .Problem.ShouldBe(AnswerProblem.Unreadable);
    }
}

internal static class JsonElements
{
    public static bool HasName(JsonElement message) => message.TryGetProperty("name", out _);
}
