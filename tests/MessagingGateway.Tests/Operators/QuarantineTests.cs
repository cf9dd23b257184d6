using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Operators;

public sealed class QuarantineTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_for_a_number_nobody_had_connected_is_replayed_once_it_is()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = new TestChannel(TypedId.New<TenantId>(gateway.Clock), TypedId.New<ChannelId>(gateway.Clock), "1001", "waba");
        var sender = gateway.Sender;
        var text = sender.Text("905550000001", "canary");
        var contact = Sender.Contact("\"wa_id\":\"905550000001\"", "Ayşe");
        await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, [text], contact)));
        await gateway.SplitAsync();
        var aside = (await ListAsync(gateway)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        aside.GetProperty("reason").GetString().ShouldBe("unknown-number");
        aside.GetProperty("phoneNumberId").GetString().ShouldBe("1001");
        aside.TryGetProperty("channelId", out _).ShouldBeFalse();
        aside.GetRawText().ShouldNotContain("canary");
        aside.GetRawText().ShouldNotContain("905550000001");

        await gateway.ConnectAsync(channel);
        (await ListAsync(gateway)).GetProperty("items")[0].GetProperty("channelId").GetString().ShouldBe(channel.Id.ToString());
        var first = await ReplayAsync(gateway, new { reason = "unknown-number" });
        await gateway.SplitAsync();
        var second = await ReplayAsync(gateway, new { reason = "unknown-number" });

        (first.GetProperty("replayed").GetInt32(), first.GetProperty("remaining").GetInt32()).ShouldBe((1, 0));
        second.GetProperty("replayed").GetInt32().ShouldBe(0);
        var received = (await gateway.ReceivedAsync()).ShouldHaveSingleItem();
        received.ChannelId.ShouldBe(channel.Id);
        gateway.Open(received).GetProperty("text").GetString().ShouldBe("canary");
        gateway.Logs.Lines.ShouldAllBe(line => !line.Contains("canary") && !line.Contains("905550000001"));
    }

    [Fact]
    public async Task One_event_that_was_refused_is_replayed_with_its_neighbours_contact_and_has_one_effect()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await gateway.RunAsync("alter table media add constraint refuses check (mime_type <> 'image/refused')");
        var refused = sender.Message("\"from\":\"905550000002\"", "image", "\"image\":{\"id\":\"1\",\"mime_type\":\"image/refused\"}");
        var body = Sender.Body(channel, Sender.Value(channel, [sender.Text("905550000001", "good"), refused]));
        await sender.SendAsync(body);
        await gateway.SplitAsync();
        var id = (await ListAsync(gateway)).GetProperty("items")[0].GetProperty("id").GetGuid();

        // Still refused: it is put aside anew, and nothing is lost.
        (await ReplayAsync(gateway, new { ids = new[] { id } }))
            .GetProperty("replayed")
            .GetInt32()
            .ShouldBe(1);
        await gateway.SplitAsync();
        (await gateway.CountAsync("quarantine where reason = 'refused'")).ShouldBe(1);
        await gateway.RunAsync("alter table media drop constraint refuses");
        (await ReplayAsync(gateway, new { reason = "refused" })).GetProperty("replayed").GetInt32().ShouldBe(1);
        await gateway.SplitAsync();
        // Meta sends the whole of it again: what had its effect has none.
        await sender.SendAsync(body);
        await gateway.SplitAsync();

        var received = await gateway.ReceivedAsync();
        received.Select(item => item.Kind).ShouldBe([MessageKind.Text, MessageKind.Image]);
        (await gateway.CountAsync("quarantine")).ShouldBe(0);
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }

    [Fact]
    public async Task A_list_is_paged_and_a_replay_is_bounded_and_ends_where_the_words_have_ended()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var stranger = new TestChannel(TypedId.New<TenantId>(gateway.Clock), TypedId.New<ChannelId>(gateway.Clock), "1009", "waba");
        for (var i = 0; i < 5; i++)
        {
            await gateway.Sender.SendAsync(stranger, gateway.Sender.Text("905550000001", "x"));
            gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await gateway.SplitAsync();

        var page = await ListAsync(gateway, "?limit=3");
        var rest = await ListAsync(gateway, "?limit=3&after=" + page.GetProperty("next").GetString());
        var ids = page.GetProperty("items")
            .EnumerateArray()
            .Concat(rest.GetProperty("items").EnumerateArray())
            .Select(item => item.GetProperty("id").GetGuid());
        ids.Distinct().Count().ShouldBe(5);
        rest.TryGetProperty("next", out _).ShouldBeFalse();

        (await ReplayAsync(gateway, null)).GetProperty("replayed").GetInt32().ShouldBe(5, "who names nothing means all");
        await gateway.SplitAsync();
        var two = await ReplayAsync(gateway, new { reason = "unknown-number", limit = 2 });
        (two.GetProperty("replayed").GetInt32(), two.GetProperty("remaining").GetInt32()).ShouldBe((2, 3));
        gateway.Clock.Advance(TimeSpan.FromHours(49));
        var late = await ReplayAsync(gateway, new { reason = "unknown-number" });
        (late.GetProperty("replayed").GetInt32(), late.GetProperty("expired").GetInt32()).ShouldBe((0, 3));
    }

    [Fact]
    public async Task A_replay_that_names_both_or_too_many_is_refused()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        foreach (
            var bad in (object[])[new { ids = new[] { TypedId.RandomGuid() }, reason = "refused" }, new { reason = "refused", limit = 0 }]
        )
        {
            using var response = await SendAsync(gateway, HttpMethod.Post, "/operators/quarantine/replay", bad);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
        using var stranger = await gateway.CreateClient().GetAsync(new Uri("/operators/quarantine", UriKind.Relative), Stop);
        stranger.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<JsonElement> ListAsync(GatewayApplication gateway, string query = "")
    {
        using var response = await SendAsync(gateway, HttpMethod.Get, "/operators/quarantine" + query, null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static async Task<JsonElement> ReplayAsync(GatewayApplication gateway, object? body)
    {
        using var response = await SendAsync(gateway, HttpMethod.Post, "/operators/quarantine/replay", body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayApplication gateway, HttpMethod method, string path, object? body)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", OperatorToken.Make(gateway.Clock));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await client.SendAsync(request, Stop);
    }
}
