using WpAsis.MessagingGateway.Tests.CloudApi;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class SendRatesTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    [Fact]
    public async Task A_contact_gets_a_burst_of_45_and_then_one_in_six_seconds()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        for (var i = 0; i < 48; i++)
            await world.QueueAsync(thread, $"{i}", i);

        await world.SendAsync();
        world.Graph.Taken.Count.ShouldBe(45);
        await world.PassAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        world.Graph.Taken.Count.ShouldBe(45);
        await world.PassAsync(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1));

        world.Graph.Taken.Count.ShouldBe(47);
    }

    [Fact]
    public async Task A_number_sends_80_in_a_second()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        for (var i = 0; i < 100; i++)
            await world.QueueAsync(await world.AddThreadAsync("90555100" + i), "x");

        await world.SendAsync();
        world.Graph.Taken.Count.ShouldBe(80);
        await world.PassAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(250));

        world.Graph.Taken.Count.ShouldBe(100);
    }

    [Fact]
    public async Task A_pair_that_Meta_slows_down_waits_and_others_do_not()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = call =>
            call.To == "905551" && world.Graph.Sends.Count() < 3 ? StubAnswer.Refuse(400, 131056) : StubAnswer.Accept;
        await world.QueueAsync(await world.AddThreadAsync("905551"), "yavaş");
        await world.SendAsync();
        await world.QueueAsync(await world.AddThreadAsync("905552"), "hızlı");
        await world.SendAsync();
        world.Graph.Taken.ShouldHaveSingleItem().Call.Said.ShouldBe("hızlı");

        await world.PassAsync(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
        world.Graph.Taken.Count.ShouldBe(1);
        await world.PassAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));

        world.Graph.Taken.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_Graph_asks_for_is_waited()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ =>
            world.Graph.Sends.Count() == 1 ? StubAnswer.Refuse(429, 130429) with { RetryAfter = "40" } : StubAnswer.Accept;
        await world.QueueAsync(await world.AddThreadAsync(), "x");

        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromSeconds(39), TimeSpan.FromSeconds(13));
        world.Graph.Taken.ShouldBeEmpty();
        await world.PassAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        world.Graph.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_refused_until_its_time_is_over_is_dropped_as_too_late()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(503, 131016);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "x", sendWithin: TimeSpan.FromMinutes(5));

        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10));

        (await world.OutcomeAsync(reply)).ShouldBe("TooLate");
        world.Graph.Sends.Count().ShouldBeInRange(5, 20);
    }
}
