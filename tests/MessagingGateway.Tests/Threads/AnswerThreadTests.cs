using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.MessagingGateway.Tests.Threads;

public sealed class AnswerThreadTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_goes_out_as_it_was_typed_once_for_its_key_and_the_responder_hears_when_it_is_out()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (thread, agent) = await TakenOverAsync(world);
        var key = TypedId.RandomGuid();

        var answered = await AnswerAsync(agent, thread, "Merhaba *Ayşe*,\r\n- yarın hazır", key);
        var again = await AnswerAsync(agent, thread, "Merhaba *Ayşe*,\r\n- yarın hazır", key);
        (await LogAsync(agent, thread)).ShouldBe("person Queued");
        (await HumanRepliesAsync(world)).ShouldBeEmpty();
        await world.SendAsync();
        var later = await AnswerAsync(agent, thread, "Merhaba *Ayşe*,\r\n- yarın hazır", key);
        await world.SendAsync();

        answered.Status.ShouldBe(HttpStatusCode.Accepted);
        (again.Body.ToString(), later.Body.ToString()).ShouldBe((answered.Body.ToString(), answered.Body.ToString()));
        world.Graph.Sends.ShouldHaveSingleItem().Said.ShouldBe("Merhaba *Ayşe*,\n- yarın hazır");
        (await LogAsync(agent, thread)).ShouldBe("person Accepted");
        var told = (await HumanRepliesAsync(world)).ShouldHaveSingleItem();
        told.MessageId.ToString().ShouldBe(answered.Body.GetProperty("messageId").GetString());
        told.AccountId.ToString().ShouldBe("acc_" + new string('1', 32));
        Open(world, told).ShouldBe("Merhaba *Ayşe*,\n- yarın hazır");
        (await world.PublishedAsync()).ShouldNotContain(message => message.Type == "MessagingGateway:ReplyAccepted");
        (await world.ReadAsync("select 1 from send where ciphertext is not null", _ => true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_who_has_taken_over_answers_and_nobody_answers_elsewhere()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        using var agent = world.Host.SignedIn(world.Tenant, "agent");
        using var viewer = world.Host.SignedIn(world.Tenant, "viewer");
        using var stranger = world.Host.SignedIn(TypedId.New<TenantId>(TimeProvider.System));

        (await AnswerAsync(agent, thread, "selam")).Kind.ShouldBe("not-taken-over");
        (await AnswerAsync(viewer, thread, "selam")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AnswerAsync(stranger, thread, "selam")).Kind.ShouldBe("no-such-thread");
        (await AnswerAsync(world.Host.Client, thread, "selam")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await world.SendAsync();
        world.Graph.Sends.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("opted_out = true", HttpStatusCode.Conflict, "opted-out")]
    [InlineData("window_closes_at = '2026-11-24T12:00:00Z'", HttpStatusCode.Conflict, "window-closed")]
    [InlineData("erased = true", HttpStatusCode.NotFound, "no-such-thread")]
    public async Task Where_nothing_may_be_said_an_answer_is_refused_with_its_reason(string state, HttpStatusCode status, string kind)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (thread, agent) = await TakenOverAsync(world);
        await world.RunAsync($"update thread set {state} where id = '{thread.Id.Value}'");

        var refused = await AnswerAsync(agent, thread, "selam");

        (refused.Status, refused.Kind).ShouldBe((status, kind));
        (await world.ReadAsync("select 1 from send", _ => true)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("opted_out = true", "OptedOut")]
    [InlineData("window_closes_at = '2026-11-24T12:00:00Z'", "WindowClosed")]
    [InlineData("erased = true", "Erased")]
    public async Task What_changes_between_the_answer_and_its_call_is_heeded_and_told_in_the_log(string state, string reason)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (thread, agent) = await TakenOverAsync(world);
        await AnswerAsync(agent, thread, "selam");
        await world.RunAsync($"update thread set {state} where id = '{thread.Id.Value}'");

        await world.SendAsync();

        world.Graph.Sends.ShouldBeEmpty();
        (await LogAsync(agent, thread)).ShouldBe($"person Failed {reason}");
        (await HumanRepliesAsync(world)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_was_taken_goes_out_although_the_thread_was_given_back_and_after_a_crash()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (thread, agent) = await TakenOverAsync(world);
        await AnswerAsync(agent, thread, "son söz");
        using var released = await agent.PostAsync(new Uri($"/threads/{thread.Id}/release", UriKind.Relative), null, Stop);

        var replica = await world.AddHostAsync();
        await replica.Sender.DrainAsync(Stop);

        world.Graph.Sends.ShouldHaveSingleItem().Said.ShouldBe("son söz");
        (await AnswerAsync(agent, thread, "bir daha")).Kind.ShouldBe("not-taken-over");
    }

    [Fact]
    public async Task What_WhatsApp_refuses_is_not_remembered_as_said()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(400, 131026);
        var (thread, agent) = await TakenOverAsync(world);
        await AnswerAsync(agent, thread, "selam");

        await world.SendAsync();

        (await LogAsync(agent, thread)).ShouldBe("person Failed Refused");
        (await world.PublishedAsync()).ShouldNotContain(message => message.Type != "MessagingGateway:ThreadChanged");
    }

    [Theory]
    [InlineData("", "text")]
    [InlineData("  \r\n ", "text")]
    [InlineData(null, "text")]
    [InlineData("no key", "idempotencyKey")]
    public async Task An_answer_without_words_or_with_too_many_is_refused(string? text, string field)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (thread, agent) = await TakenOverAsync(world);

        var key = field == "idempotencyKey" ? Guid.Empty : TypedId.RandomGuid();
        var refused = await AnswerAsync(agent, thread, text ?? new string('x', 4_097), key);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Body.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    private static async Task<(TestThread Thread, HttpClient Agent)> TakenOverAsync(SendWorld world)
    {
        var thread = await world.AddThreadAsync();
        var agent = world.Host.SignedIn(world.Tenant, "agent");
        using var taken = await agent.PostAsync(new Uri($"/threads/{thread.Id}/take-over", UriKind.Relative), null, Stop);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (thread, agent);
    }

    private static async Task<Answered> AnswerAsync(HttpClient client, TestThread thread, string text, Guid? key = null)
    {
        using var response = await client.PostAsJsonAsync(
            $"/threads/{thread.Id}/messages",
            new { text, idempotencyKey = key ?? TypedId.RandomGuid() },
            Stop
        );
        var body = await response.Content.ReadAsStringAsync(Stop);
        return new(response.StatusCode, body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body));
    }

    private static async Task<string> LogAsync(HttpClient client, TestThread thread)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"/messages?threadId={thread.Id}", Stop);
        var message = page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        var reason = message.TryGetProperty("dropReason", out var dropped) ? " " + dropped.GetString() : "";
        return $"{message.GetProperty("author").GetString()} {message.GetProperty("status").GetString()}{reason}";
    }

    private static async Task<List<HumanReplied>> HumanRepliesAsync(SendWorld world) =>
        [
            .. (await world.PublishedAsync())
                .Where(message => message.Type == "MessagingGateway:HumanReplied")
                .Select(message => message.Body.Deserialize<HumanReplied>(MessageTypes.Json)!),
        ];

    private static string? Open(SendWorld world, HumanReplied told)
    {
        var address = new ContentAddress(told.TenantId, told.ThreadId, told.MessageId.Value, "human");
        world.Host.Services.GetRequiredService<ContentSealer>().TryOpen(address, told.Content, out var bytes).ShouldBeTrue();
        return JsonSerializer.Deserialize<JsonElement>(bytes).GetProperty("text").GetString();
    }

    private sealed record Answered(HttpStatusCode Status, JsonElement Body)
    {
        public string Kind => Body.GetProperty("type").GetString()!.Split('/')[^1];
    }
}
