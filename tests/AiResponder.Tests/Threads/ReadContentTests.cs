using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Retention;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Threads;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Threads;

public sealed class ReadContentTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_takes_over_reads_what_all_three_said_and_the_opening_is_written_down()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var (contact, asked, replied) = await AskedAsync(app, "do you have red ones?", "we have blue ones");
        await contact.TakeOverAsync();
        app.Advance(10);
        var picture = await contact.WriteAsync(null, MessageKind.Image);
        app.Advance(1);
        var revoked = await contact.WriteAsync("forget this");
        await contact.WriteAsync(null, MessageKind.Revoke, revoked);
        app.Advance(1);
        var human = await SayAsHumanAsync(app, contact, "red ones come on Monday");
        using var agent = app.Client(TestTokens.For(contact.Tenant, "agent"));

        var items = await ReadAsync(agent, contact);

        items
            .Select(item => (Id(item), item.GetProperty("speaker").GetString(), item.GetProperty("state").GetString(), Text(item)))
            .ShouldBe([
                (asked.ToString(), "Contact", "Readable", "do you have red ones?"),
                (replied.ToString(), "Assistant", "Readable", "we have blue ones"),
                (picture.ToString(), "Contact", "Unreadable", null),
                (revoked.ToString(), "Contact", "Revoked", null),
                (human.ToString(), "Person", "Readable", "red ones come on Monday"),
            ]);
        var access = (await AccessesAsync(contact)).ShouldHaveSingleItem();
        (access.ThreadId, access.TenantId).ShouldBe((contact.Thread, contact.Tenant));
        access.At.ShouldBe(app.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
        access.AccountId.ToString().ShouldStartWith("acc_");
    }

    [Fact]
    public async Task Who_may_not_sees_nothing_and_nothing_is_written_down_as_seen()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("secret");
        using var viewer = app.Client(TestTokens.For(contact.Tenant, "viewer"));
        using var payer = app.Client(TestTokens.For(contact.Tenant, "billing"));
        using var stranger = app.Client(TestTokens.For(TypedId.New<TenantId>(TimeProvider.System)));
        using var nobody = app.CreateClient();

        (await StatusAsync(viewer, contact.Thread)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(payer, contact.Thread)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(stranger, contact.Thread)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(nobody, contact.Thread)).ShouldBe(HttpStatusCode.Unauthorized);
        (await AccessesAsync(contact)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_has_expired_opens_for_nobody_also_before_the_purge()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var (contact, _, _) = await AskedAsync(app, "first words", "first answer");
        app.Advance(TimeSpan.FromHours(24.1));
        app.Get<ContentKeyRing>().DestroyExpired();
        await contact.WriteAsync("second words");
        using var agent = app.Client(TestTokens.For(contact.Tenant, "agent", clock: app.Clock));

        var before = await ReadAsync(agent, contact);
        await app.Get<PurgeExpired>().RunNowAsync(Stop);
        var after = await ReadAsync(agent, contact);

        before
            .Select(item => (item.GetProperty("state").GetString(), Text(item)))
            .ShouldBe([("Expired", null), ("Expired", null), ("Readable", "second words")]);
        after.Select(item => item.ToString()).ShouldBe(before.Select(item => item.ToString()));
    }

    [Fact]
    public async Task Of_an_erased_contact_the_answer_is_that_there_is_nothing_any_more()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("secret");
        await app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(contact.Change(ThreadMode.Assistant, erased: true));
        using var agent = app.Client(TestTokens.For(contact.Tenant, "agent"));

        using var response = await agent.GetAsync(new Uri($"/threads/{contact.Thread}/content", UriKind.Relative), Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
        var body = await response.Content.ReadAsStringAsync(Stop);
        body.ShouldContain("thread-erased");
        body.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Openings_are_forgotten_after_ninety_days()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await app.ConsumeAsync<Tenants.RegisterTenantConsumer, Contracts.Identity.TenantRegistered>(
            new()
            {
                TenantId = contact.Tenant,
                Country = "TR",
                At = app.Clock.GetUtcNow(),
            }
        );
        await contact.WriteAsync("hello");
        using var agent = app.Client(TestTokens.For(contact.Tenant, "agent"));
        await ReadAsync(agent, contact);

        app.Advance(TimeSpan.FromDays(89));
        await app.Get<PurgeExpired>().RunNowAsync(Stop);
        (await AccessesAsync(contact)).Count.ShouldBe(1);
        app.Advance(TimeSpan.FromDays(2));
        await app.Get<PurgeExpired>().RunNowAsync(Stop);

        (await AccessesAsync(contact)).ShouldBeEmpty();
    }

    private static async Task<(Conversation Contact, MessageId Asked, ReplyId Replied)> AskedAsync(
        ResponderApplication app,
        string question,
        string answer
    )
    {
        app.Model.Answer = _ => Task.FromResult(StubAnswer.Says(answer));
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        var asked = await contact.WriteAsync(question);
        await contact.GrantAsync();
        app.Advance(2.3);
        return (contact, asked, (await contact.AnsweredAsync()).Single().ReplyId);
    }

    private static async Task<List<JsonElement>> ReadAsync(HttpClient client, Conversation contact)
    {
        using var response = await client.GetAsync(new Uri($"/threads/{contact.Thread}/content", UriKind.Relative), Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return [.. body.GetProperty("items").EnumerateArray()];
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, ThreadId thread)
    {
        using var response = await client.GetAsync(new Uri($"/threads/{thread}/content", UriKind.Relative), Stop);
        return response.StatusCode;
    }

    private static Task<List<ContentAccess>> AccessesAsync(Conversation contact) =>
        contact.InTenantAsync(db => db.ContentAccesses.AsNoTracking().ToListAsync(Stop));

    private static string? Id(JsonElement item) =>
        item.TryGetProperty("messageId", out var message) ? message.GetString() : item.GetProperty("replyId").GetString();

    private static string? Text(JsonElement item) => item.TryGetProperty("text", out var text) ? text.GetString() : null;

    private static async Task<MessageId> SayAsHumanAsync(ResponderApplication app, Conversation contact, string text)
    {
        var message = TypedId.New<MessageId>(TimeProvider.System);
        var address = new ContentAddress(contact.Tenant, contact.Thread, message.Value, HumanReply.Kind);
        var words = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["text"] = text }.ToJsonString());
        await app.ConsumeAsync<RememberHumanConsumer, HumanReplied>(
            new HumanReplied
            {
                TenantId = contact.Tenant,
                MessageId = message,
                ThreadId = contact.Thread,
                SubjectId = contact.Subject,
                At = app.Clock.GetUtcNow(),
                Content = app.Get<ContentSealer>().Seal(address, WindowClass.Hours24, words),
            }
        );
        return message;
    }
}
