using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class SendPartsTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static readonly string Long = string.Join("\n\n", Enumerable.Range(1, 90).Select(i => $"{i}. " + new string('a', 95)));

    [Fact]
    public async Task A_long_answer_goes_in_parts_and_is_accepted_once_with_the_first()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), Long);

        await world.SendAsync();

        world.Graph.Taken.Count.ShouldBe(3);
        world.Graph.Taken.ShouldAllBe(taken => taken.Call.Said!.Length <= 4096);
        string.Join("\n\n", world.Graph.Taken.Select(taken => taken.Call.Said)).ShouldBe(Long);
        world.Graph.Taken.Select(taken => taken.Call.CallbackData).Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        (await world.PublishedAsync())
            .Single()
            .Body.GetProperty("messageId")
            .GetString()
            .ShouldBe(world.Graph.Taken.First().Call.CallbackData);
        (await world.ReadAsync("select 1 from send where ciphertext is not null", _ => true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_status_for_an_earlier_part_does_not_send_a_later_one_twice()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.AfterTaking = (call, _) => world.StatusAsync(MessageId.Parse(call.CallbackData!, null), world.Clock.GetUtcNow());
        var reply = await world.QueueAsync(await world.AddThreadAsync(), Long);

        await world.SendAsync();
        foreach (var (call, _) in world.Graph.Taken)
            await world.StatusAsync(MessageId.Parse(call.CallbackData!, null), world.Clock.GetUtcNow());
        await world.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(1));

        world.Graph.Taken.Count.ShouldBe(3);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
    }

    [Fact]
    public async Task A_take_over_between_two_parts_keeps_the_rest_back()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        world.Graph.AfterTaking = (_, _) => world.RunAsync($"update thread set mode = 'Human' where id = '{thread.Id.Value}'");
        var reply = await world.QueueAsync(thread, Long);

        await world.SendAsync();

        world.Graph.Taken.Count.ShouldBe(1);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        (await world.ReadAsync("select drop_reason from send", row => row.GetString(0))).ShouldBe(["HumanInCharge"]);
    }

    [Fact]
    public async Task A_refused_later_part_does_not_take_the_acceptance_back()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => world.Graph.Taken.IsEmpty ? StubAnswer.Accept : StubAnswer.Refuse(400, 131026);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), Long);

        await world.SendAsync();

        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        (await world.StateAsync(reply)).ShouldBe("Accepted");
    }
}
