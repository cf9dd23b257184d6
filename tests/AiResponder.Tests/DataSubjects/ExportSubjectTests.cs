using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.DataSubjects;

public sealed class ExportSubjectTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_contact_gets_what_they_wrote_while_it_opens_and_nothing_of_anybody_else()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var neighbour = new Conversation(app, contact.Tenant);
        var written = await contact.WriteAsync("do you have red ones?");
        await contact.WriteAsync("or green ones?", MessageKind.Edit, written);
        await neighbour.WriteAsync("a neighbour's words");

        var rows = await ExportAsync(app, contact);

        var texts = string.Join('\n', rows);
        texts.ShouldContain("do you have red ones?");
        texts.ShouldContain("or green ones?");
        texts.ShouldNotContain("neighbour");
        texts.ShouldNotContain(neighbour.Thread.ToString());
        rows.Select(row => row.GetProperty("table").GetString()).ShouldBe(["turn_clock", "turn_message", "amendment"], ignoreOrder: true);

        app.Advance(TimeSpan.FromHours(24.1));
        app.Get<ContentKeyRing>().DestroyExpired();
        var later = await ExportAsync(app, contact);
        later.Count.ShouldBe(rows.Count);
        string.Join('\n', later).ShouldNotContain("ones?");
    }

    [Fact]
    public async Task Of_another_customer_and_of_an_account_there_is_nothing()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("do you have red ones?");

        (await ExportAsync(app, contact, TypedId.New<TenantId>(app.Clock))).ShouldBeEmpty();
        using var owner = app.Client(TestTokens.For(contact.Tenant));
        using var refused = await PostAsync(owner, contact, contact.Tenant);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    // The last line says how many came before it.
    private static async Task<List<JsonElement>> ExportAsync(ResponderApplication app, Conversation contact, TenantId? tenant = null)
    {
        using var client = app.Client(TestTokens.OfService("data-subject-request", app.Clock));
        using var response = await PostAsync(client, contact, tenant ?? contact.Tenant);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await response.Content.ReadAsStringAsync(Stop);
        var lines = text.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        lines[^1].GetProperty("rows").GetInt32().ShouldBe(lines.Count - 1);
        return lines[..^1];
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Conversation contact, TenantId tenant) =>
        client.PostAsJsonAsync(
            "/internal/subjects/export",
            new SubjectQuery(contact.Subject, SubjectKind.Contact, tenant),
            Json.Options,
            Stop
        );
}
