using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.MessagingGateway.Tests.Replies;

namespace WpAsis.MessagingGateway.Tests.Channels;

public sealed class CircuitTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    [Fact]
    public async Task A_refused_token_stops_the_number_and_tells_its_customer_once()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(401, 190);
        for (var i = 0; i < 20; i++)
        {
            await world.QueueAsync(await world.AddThreadAsync("9055520" + i), "x");
            await world.SendAsync();
        }

        world.Graph.Sends.Count().ShouldBeLessThanOrEqualTo(2);
        var published = await world.PublishedAsync();
        published.Count(message => message.Type == "MessagingGateway:ReplyDropped").ShouldBe(20);
        var notice = published.Single(message => message.Type == "Identity:SendNotice").Body;
        notice.GetProperty("notice").GetString().ShouldBe("ChannelNeedsAttention");
        notice.GetProperty("values").GetProperty("reason").GetString().ShouldBe("token");
    }

    [Fact]
    public async Task A_token_that_works_again_lets_the_number_go_on()
    {
        await using var world = await StoppedAsync(190);
        var probe = world.Host.Services.GetRequiredService<ProbeChannels>();
        var works = false;
        world.Graph.Other = context => AnswerAsync(context, works);

        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await probe.RunNowAsync(TestContext.Current.CancellationToken);
        (await CircuitAsync(world)).ShouldBe("Open");
        works = true;
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await probe.RunNowAsync(TestContext.Current.CancellationToken);

        (await CircuitAsync(world)).ShouldBe("Closed");
    }

    [Fact]
    public async Task Other_trouble_is_tried_and_the_next_refusal_sends_no_second_notice()
    {
        await using var world = await StoppedAsync(131048);
        world.Graph.Other = context => AnswerAsync(context, works: true);
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await world.Host.Services.GetRequiredService<ProbeChannels>().RunNowAsync(TestContext.Current.CancellationToken);
        (await CircuitAsync(world)).ShouldBe("Trial");

        await world.QueueAsync(await world.AddThreadAsync("9055530001"), "x");
        await world.SendAsync();
        (await CircuitAsync(world)).ShouldBe("Open");
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await world.Host.Services.GetRequiredService<ProbeChannels>().RunNowAsync(TestContext.Current.CancellationToken);
        world.Graph.Decide = _ => StubAnswer.Accept;
        await world.QueueAsync(await world.AddThreadAsync("9055530002"), "x");
        await world.SendAsync();

        (await CircuitAsync(world)).ShouldBe("Closed");
        (await world.PublishedAsync()).Count(message => message.Type == "Identity:SendNotice").ShouldBe(1);
        world.Graph.Taken.Count.ShouldBe(1);
    }

    private async Task<SendWorld> StoppedAsync(int code)
    {
        var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(400, code);
        await world.QueueAsync(await world.AddThreadAsync(), "x");
        await world.SendAsync();
        (await CircuitAsync(world)).ShouldBe("Open");
        return world;
    }

    private static async Task<string> CircuitAsync(SendWorld world) =>
        (await world.ReadAsync($"select circuit_state from channel where id = '{world.Channel.Value}'", row => row.GetString(0))).Single();

    private static async Task<bool> AnswerAsync(HttpContext context, bool works)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
            return false;
        context.Response.StatusCode = works ? 200 : 401;
        object body = works
            ? new
            {
                id = "1",
                display_phone_number = "+90 212",
                verified_name = "x",
            }
            : new { error = new { code = 190 } };
        await context.Response.WriteAsJsonAsync(body);
        return true;
    }
}
