using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Operators;

public sealed class PauseChannelTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_paused_number_sends_nothing_and_what_waited_goes_when_it_is_resumed()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (first, second) = (await world.AddThreadAsync(), await world.AddThreadAsync("905550000002"));
        (await PostAsync(world, world.Channel, "pause")).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(world, world.Channel, "pause")).ShouldBe(HttpStatusCode.OK);

        await world.QueueAsync(first, "waits");
        await world.QueueAsync(second, "is too late", sendWithin: TimeSpan.FromSeconds(20));
        await world.PassAsync(TimeSpan.FromMinutes(1), Step);

        world.Graph.Sends.ShouldBeEmpty();
        (await world.PublishedAsync()).Select(message => message.Type).ShouldBe(["MessagingGateway:ReplyDropped"]);
        (await PostAsync(world, world.Channel, "resume")).ShouldBe(HttpStatusCode.OK);
        await world.PassAsync(TimeSpan.FromSeconds(10), Step);
        world.Graph.Sends.ShouldHaveSingleItem();
        (await PostAsync(world, world.Channel, "resume")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_paused_number_is_not_shown_as_if_it_sent()
    {
        await using var world = await SendWorld.CreateAsync(fixture);

        await PostAsync(world, world.Channel, "pause");
        (await ShownAsync(world)).ShouldBe(("needs-attention", "paused"));
        await PostAsync(world, world.Channel, "resume");
        (await ShownAsync(world)).ShouldBe(("connected", null));
    }

    [Fact]
    public async Task A_customer_who_connects_the_number_again_does_not_lift_the_pause()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        await PostAsync(world, world.Channel, "pause");

        await world.ConnectAgainAsync();
        await world.QueueAsync(await world.AddThreadAsync(), "waits");
        await world.PassAsync(TimeSpan.FromSeconds(20), Step);

        world.Graph.Sends.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_an_operator_pauses_and_only_a_number_there_is()
    {
        await using var world = await SendWorld.CreateAsync(fixture);

        (await PostAsync(world, TypedId.New<ChannelId>(world.Clock), "pause")).ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync(world, world.Channel, "pause", audience: "messaging-gateway")).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(world, world.Channel, "resume", service: "billing")).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<(string? State, string? Reason)> ShownAsync(SendWorld world)
    {
        using var client = world.Host.SignedIn(world.Tenant);
        var page = await client.GetFromJsonAsync<JsonElement>("/channels", TestContext.Current.CancellationToken);
        var channel = page.GetProperty("items").EnumerateArray().Single();
        var reason = channel.TryGetProperty("reason", out var said) ? said.GetString() : null;
        return (channel.GetProperty("state").GetString(), reason);
    }

    private static async Task<HttpStatusCode> PostAsync(
        SendWorld world,
        ChannelId channel,
        string verb,
        string audience = "operators",
        string service = "operators"
    )
    {
        using var client = world.Host.SignedIn(world.Tenant, service: service, audience: audience);
        using var response = await client.PostAsync(
            new Uri($"/operators/channels/{channel}/{verb}", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken
        );
        return response.StatusCode;
    }
}
