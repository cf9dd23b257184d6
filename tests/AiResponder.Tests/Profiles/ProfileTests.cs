using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Profiles;

public sealed class ProfileTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_saved_profile_is_published_and_comes_back_with_its_version()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        using var client = app.Client(TestTokens.For(Tenant()));

        (await client.GetAsync("/profile", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await PutAsync(client, Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(client, Body("Other"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var profile = await client.GetFromJsonAsync<JsonObject>("/profile", Stop);
        profile!["version"]!.GetValue<int>().ShouldBe(2);
        profile["assistantName"]!.GetValue<string>().ShouldBe("Other");
        profile["facts"]!.GetValue<string>().ShouldBe("We open at 9.\nCanary-7f3a.");
    }

    [Fact]
    public async Task What_a_business_writes_never_reaches_the_disk_in_clear()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var tenant = Tenant();
        using var client = app.Client(TestTokens.For(tenant));
        await PutAsync(client, Body());

        var settings = new Npgsql.NpgsqlConnectionStringBuilder(servers.Superuser) { Database = app.Database.Name, Pooling = false };
        await using var connection = new Npgsql.NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new Npgsql.NpgsqlCommand("select text from profile_version", connection);
        var stored = (byte[])(await command.ExecuteScalarAsync(Stop))!;

        Encoding.UTF8.GetString(stored).ShouldNotContain("Canary-7f3a");
    }

    [Fact]
    public async Task One_tenant_never_reads_anothers_profile_and_a_viewer_changes_nothing()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var tenant = Tenant();
        using var owner = app.Client(TestTokens.For(tenant));
        await PutAsync(owner, Body());
        using var stranger = app.Client(TestTokens.For(Tenant()));
        using var viewer = app.Client(TestTokens.For(tenant, role: "viewer"));
        using var elsewhere = app.Client(TestTokens.For(tenant, audience: "billing"));

        (await stranger.GetAsync("/profile", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await viewer.GetAsync("/profile", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(viewer, Body())).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await elsewhere.GetAsync("/profile", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var nobody = app.CreateClient();
        (await nobody.GetAsync("/profile", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Whoever_saves_over_another_version_is_told()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        using var client = app.Client(TestTokens.For(Tenant()));
        var saved = await PutAsync(client, Body());

        (await PutAsync(client, Body(), saved.Headers.ETag!.Tag)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(client, Body(), saved.Headers.ETag!.Tag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("assistantName", "")]
    [InlineData("businessName", "")]
    [InlineData("facts", "")]
    [InlineData("facts", null)]
    public async Task A_profile_that_says_too_little_or_too_much_is_refused_field_by_field(string field, string? value)
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        using var client = app.Client(TestTokens.For(Tenant()));
        var body = Body();
        body[field] = value ?? new string('x', 6_001);

        using var response = await PutAsync(client, body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Stop);
        problem!["type"]!.GetValue<string>().ShouldEndWith("invalid-input");
        problem["errors"]!.AsObject().ShouldContainKey(field);
    }

    private static TenantId Tenant() => TypedId.New<TenantId>(TimeProvider.System);

    private static JsonObject Body(string assistant = "Defne") =>
        new()
        {
            ["assistantName"] = assistant,
            ["businessName"] = "Kafe",
            ["facts"] = "We open at 9.\r\nCanary-7f3a.",
            ["tone"] = "friendly",
            ["languages"] = new JsonArray("tr", "en"),
            ["scope"] = "coffee",
            ["humanContact"] = "front desk",
        };

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, JsonObject body, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri("/profile", UriKind.Relative))
        {
            Content = JsonContent.Create(body),
        };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request, Stop);
    }
}
