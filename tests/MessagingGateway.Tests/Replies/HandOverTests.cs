using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class HandOverTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    [Fact]
    public async Task A_reply_that_promises_a_person_is_sent_and_then_the_thread_is_that_persons()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var promise = await HandOverAsync(world, thread, "Sizi bir arkadaşımıza bağlıyorum.");
        var next = await world.QueueAsync(thread, "Başka bir şey?", 2);

        await world.SendAsync();
        await world.StatusAsync(MessageId.Parse(world.Graph.Taken.Single().Call.CallbackData!, null), world.Clock.GetUtcNow());

        world.Graph.Taken.ShouldHaveSingleItem().Call.Said.ShouldBe("Sizi bir arkadaşımıza bağlıyorum.");
        (await world.OutcomeAsync(promise)).ShouldBe("Accepted");
        (await world.OutcomeAsync(next)).ShouldBe("HumanInCharge");
        (await ChangesAsync(world)).ShouldBe(["Human 2"]);
    }

    [Fact]
    public async Task A_status_that_is_faster_than_the_answer_hands_over_once_and_a_late_one_does_not_undo_a_release()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.AfterTaking = (call, _) => world.StatusAsync(MessageId.Parse(call.CallbackData!, null), world.Clock.GetUtcNow());
        var thread = await world.AddThreadAsync();
        await HandOverAsync(world, thread, "Bir temsilcimiz size dönecek.");
        await world.SendAsync();
        using var agent = world.Host.SignedIn(world.Tenant, "agent");

        using var released = await agent.PostAsync(new Uri($"/threads/{thread.Id}/release", UriKind.Relative), null, Stop);
        await world.StatusAsync(MessageId.Parse(world.Graph.Taken.Single().Call.CallbackData!, null), world.Clock.GetUtcNow());

        released.IsSuccessStatusCode.ShouldBeTrue();
        (await ChangesAsync(world)).ShouldBe(["Human 2", "Assistant 3"]);
    }

    [Fact]
    public async Task A_promise_in_parts_hands_over_with_its_last_part()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var text = string.Join("\n\n", Enumerable.Range(1, 60).Select(i => $"{i}. " + new string('a', 95)));
        await HandOverAsync(world, await world.AddThreadAsync(), text);

        await world.SendAsync();

        world.Graph.Taken.Count.ShouldBe(2);
        (await ChangesAsync(world)).ShouldBe(["Human 2"]);
    }

    [Fact]
    public async Task Whoever_asked_for_a_person_waits_for_one_also_when_the_sentence_could_not_go()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(400, 131026);
        var promise = await HandOverAsync(world, await world.AddThreadAsync(), "Bir temsilcimiz size dönecek.");

        await world.SendAsync();

        (await world.OutcomeAsync(promise)).ShouldBe("Refused");
        (await ChangesAsync(world)).ShouldBe(["Human 2"]);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<ReplyGenerated> HandOverAsync(SendWorld world, TestThread thread, string text) =>
        world.QueueAsync(thread, text, bend: reply => reply with { Outcome = ReplyOutcome.HandOver });

    private static async Task<string[]> ChangesAsync(SendWorld world) =>
        [
            .. (await world.PublishedAsync())
                .Where(message => message.Type == "MessagingGateway:ThreadChanged")
                .Select(message => $"{message.Body.GetProperty("mode").GetString()} {message.Body.GetProperty("version").GetInt64()}"),
        ];
}
