using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Channels;

public sealed class ConnectChannelTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private const string Token = "EAAG-secret-token";

    [Fact]
    public async Task A_number_is_connected_when_Meta_confirms_it()
    {
        await using var world = await WorldAsync();
        using var owner = world.Host.SignedIn(world.Tenant);
        var number = NewNumber();

        using var response = await PostAsync(owner, number);
        var text = await response.Content.ReadAsStringAsync(Stop);
        var channel = JsonDocument.Parse(text).RootElement;

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        channel.GetProperty("displayNumber").GetString().ShouldBe("+90 212 555 00 00");
        channel.GetProperty("verifiedName").GetString().ShouldBe("Örnek Kafe");
        channel.GetProperty("state").GetString().ShouldBe("connected");
        text.ShouldNotContain(Token);
        var connected = (await world.PublishedAsync()).ShouldHaveSingleItem();
        connected.Type.ShouldBe("MessagingGateway:ChannelConnected");
        connected.Body.GetProperty("numberKey").GetString()!.Length.ShouldBe(64);
        (
            await world.ReadAsync($"select connected from channel_route where phone_number_id = '{number}'", row => row.GetBoolean(0))
        ).ShouldBe([true]);
        (
            await world.ReadAsync($"select window_class from tenant_route where tenant_id = '{world.Tenant.Value}'", row => row.GetInt32(0))
        ).ShouldBe([24]);
    }

    [Fact]
    public async Task The_token_and_the_number_lie_sealed()
    {
        await using var world = await WorldAsync();
        using var owner = world.Host.SignedIn(world.Tenant);
        using var response = await PostAsync(owner, NewNumber());

        var rows = await world.ReadAsync(
            "select access_token || display_number || verified_name from channel",
            row => Encoding.Latin1.GetString(row.GetFieldValue<byte[]>(0))
        );

        rows.ShouldNotBeEmpty();
        rows.ShouldAllBe(row => !row.Contains(Token, StringComparison.Ordinal) && !row.Contains("212 555", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_number_belongs_to_one_customer_until_it_is_given_up()
    {
        await using var world = await WorldAsync();
        using var first = world.Host.SignedIn(world.Tenant);
        using var second = world.Host.SignedIn(TypedId.New<TenantId>(TimeProvider.System));
        var number = NewNumber();
        using var connected = await PostAsync(first, number);
        var channel = await connected.Content.ReadFromJsonAsync<JsonElement>(Stop);

        using var refused = await PostAsync(second, number);
        using var gone = await first.DeleteAsync(new Uri($"/channels/{channel.GetProperty("id").GetString()}", UriKind.Relative), Stop);
        using var goneAgain = await first.DeleteAsync(
            new Uri($"/channels/{channel.GetProperty("id").GetString()}", UriKind.Relative),
            Stop
        );
        using var moved = await PostAsync(second, number);
        using var back = await PostAsync(first, number);

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        goneAgain.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        moved.StatusCode.ShouldBe(HttpStatusCode.Created);
        back.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var events = await world.PublishedAsync();
        events
            .Select(message => message.Type)
            .ShouldBe(["MessagingGateway:ChannelConnected", "MessagingGateway:ChannelDisconnected", "MessagingGateway:ChannelConnected"]);
        events.Select(message => message.Body.GetProperty("numberKey").GetString()).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Connecting_again_replaces_the_token_and_opens_a_stopped_number()
    {
        await using var world = await WorldAsync();
        await world.RunAsync($"update channel set circuit_state = 'Open', circuit_reason = 'token' where id = '{world.Channel.Value}'");
        using var owner = world.Host.SignedIn(world.Tenant);
        var stopped = await owner.GetFromJsonAsync<JsonElement>("/channels", Stop);

        using var response = await PostAsync(owner, world.PhoneNumberId);
        var channel = await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
        await world.QueueAsync(await world.AddThreadAsync(), "yeniden");
        await world.SendAsync();

        stopped.GetProperty("items")[0].GetProperty("state").GetString().ShouldBe("needs-attention");
        channel.GetProperty("id").GetString().ShouldBe(world.Channel.ToString());
        channel.GetProperty("state").GetString().ShouldBe("connected");
        world.Graph.Taken.ShouldHaveSingleItem().Call.Token.ShouldBe("Bearer " + Token);
        (await world.PublishedAsync()).ShouldNotContain(message => message.Type == "MessagingGateway:ChannelConnected");
    }

    [Theory]
    [InlineData("wrong-token", "token-refused")]
    [InlineData(Token, "number-not-found")]
    public async Task What_Meta_does_not_confirm_is_not_connected(string token, string problem)
    {
        await using var world = await WorldAsync();
        using var owner = world.Host.SignedIn(world.Tenant);

        using var response = await PostAsync(owner, "elsewhere", token);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync(Stop)).ShouldContain("https://wpasis.com/problems/" + problem);
        (await world.PublishedAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../../me", "t")]
    [InlineData("1 2", "t")]
    [InlineData("123", "")]
    [InlineData("123", "a\nb")]
    public async Task What_could_bend_the_address_is_refused_before_Meta_is_asked(string number, string token)
    {
        await using var world = await WorldAsync();
        var asked = false;
        world.Graph.Other = _ => Task.FromResult(asked = true);
        using var owner = world.Host.SignedIn(world.Tenant);

        using var response = await PostAsync(owner, number, token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        asked.ShouldBeFalse();
    }

    [Fact]
    public async Task An_agent_can_not_connect_or_disconnect()
    {
        await using var world = await WorldAsync();
        using var agent = world.Host.SignedIn(world.Tenant, "agent");

        using var connect = await PostAsync(agent, NewNumber());
        using var disconnect = await agent.DeleteAsync(new Uri($"/channels/{world.Channel}", UriKind.Relative), Stop);

        connect.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        disconnect.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string NewNumber() => "9" + TypedId.RandomGuid().ToString("N")[..12];

    private async Task<SendWorld> WorldAsync()
    {
        var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Other = AnswerAsync;
        return world;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string number, string token = Token) =>
        client.PostAsJsonAsync(
            new Uri("/channels", UriKind.Relative),
            new
            {
                phoneNumberId = number,
                wabaId = number == "elsewhere" ? "other" : "waba-" + number.Trim('.', '/', ' '),
                accessToken = token,
            },
            Stop
        );

    // A business account knows the number that its id names; numbers come on two pages.
    private static async Task<bool> AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is not [_, var waba, "phone_numbers" or "subscribed_apps"])
            return false;
        if (context.Request.Headers.Authorization != "Bearer " + Token)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(new { error = new { code = 190 } });
            return true;
        }
        var second = context.Request.Query["after"] == "second";
        object body =
            path[2] == "subscribed_apps" ? new { success = true }
            : second ? new { data = new[] { Number(waba.Replace("waba-", "", StringComparison.Ordinal)) } }
            : new
            {
                data = new[] { Number("other-number") },
                paging = new { cursors = new { after = "second" }, next = "https://graph.example/next" },
            };
        await context.Response.WriteAsJsonAsync(body);
        return true;
    }

    private static object Number(string id) =>
        new
        {
            id,
            display_phone_number = "+90 212 555 00 00",
            verified_name = "Örnek Kafe",
        };
}
