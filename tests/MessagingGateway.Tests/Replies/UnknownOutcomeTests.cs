using Microsoft.Extensions.DependencyInjection;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class UnknownOutcomeTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(91);

    [Fact]
    public async Task A_status_that_is_faster_than_the_answer_accepts_the_reply_once()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.AfterTaking = (call, _) => world.StatusAsync(MessageId.Parse(call.CallbackData!, null), world.Clock.GetUtcNow());
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "hızlı");

        await world.SendAsync();

        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        world.Graph.Taken.Count.ShouldBe(1);
        world.Host.Metrics.DoubledTotal.ShouldBe(0);
        (await world.ReadAsync("select 1 from message_key", _ => true)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_call_without_an_answer_is_settled_by_its_status_and_not_repeated()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => StubAnswer.Accept with { HangsAfterAccepting = true };
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");

        await world.SendAsync();
        (await world.StateAsync(reply)).ShouldBe("Unknown");
        await world.StatusAsync(IdOf(world), world.Clock.GetUtcNow());
        await world.StatusAsync(IdOf(world), world.Clock.GetUtcNow());
        await world.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5));

        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        world.Graph.Sends.Count().ShouldBe(1);
        world.Host.Metrics.DoubledTotal.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_status_it_is_sent_once_more_with_the_same_id_after_the_wait_and_not_before()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => new StubAnswer(500);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");
        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromSeconds(89), TimeSpan.FromSeconds(89));
        world.Graph.Sends.Count().ShouldBe(1);

        world.Graph.Decide = _ => StubAnswer.Accept;
        await world.PassAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        world.Graph.Sends.Select(call => call.CallbackData).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        world.Graph.Sends.Count().ShouldBe(2);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        await world.StatusAsync(IdOf(world), world.Clock.GetUtcNow().AddSeconds(1));
        world.Host.Metrics.DoubledTotal.ShouldBe(0);
    }

    [Fact]
    public async Task A_late_status_of_the_first_call_is_counted_as_a_doubled_send()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => StubAnswer.Accept with { HangsAfterAccepting = true };
        await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");
        await world.SendAsync();
        var firstCall = world.Clock.GetUtcNow();
        world.Graph.Decide = _ => StubAnswer.Accept;
        await world.PassAsync(Wait, Wait);

        await world.StatusAsync(IdOf(world), firstCall);
        await world.StatusAsync(IdOf(world), firstCall);

        world.Graph.Taken.Count.ShouldBe(2);
        world.Host.Metrics.DoubledTotal.ShouldBe(1);
    }

    [Fact]
    public async Task What_stays_unknown_to_the_end_of_its_time_is_dropped_as_unknown()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => new StubAnswer(502);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");

        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromMinutes(24), TimeSpan.FromMinutes(2));
        (await world.OutcomeAsync(reply)).ShouldBeNull();
        await world.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));

        (await world.OutcomeAsync(reply)).ShouldBe("Unknown");
        world.Graph.Sends.Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_killed_sender_leaves_its_call_to_the_next_one_which_waits_for_a_status_first()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "yarım");
        (await ClaimAsync(world, thread)).ShouldNotBeNull();
        var next = await world.AddHostAsync();

        await next.Sender.DrainAsync(TestContext.Current.CancellationToken);
        await world.PassAsync(TimeSpan.FromSeconds(88), TimeSpan.FromSeconds(22));
        world.Graph.Sends.ShouldBeEmpty();
        await world.PassAsync(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4));

        world.Graph.Taken.Count.ShouldBe(1);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
    }

    [Fact]
    public async Task A_sender_killed_after_the_call_never_doubles_it_where_statuses_flow()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "yarım");
        var call = (await ClaimAsync(world, thread))!;
        await world
            .Host.Services.GetRequiredService<CloudApiClient>()
            .SendAsync(call.Access, call.Message, TestContext.Current.CancellationToken);
        await world.AddHostAsync();

        await world.PassAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
        await world.StatusAsync(call.Message.MessageId, world.Clock.GetUtcNow());
        await world.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(3));

        world.Graph.Taken.Count.ShouldBe(1);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
    }

    [Fact]
    public async Task A_restart_of_the_intake_begins_the_wait_anew()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => new StubAnswer(500);
        await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");
        await world.SendAsync();
        world.Clock.Advance(TimeSpan.FromSeconds(60));
        world.Host.Services.GetRequiredService<IntakeWatch>().Away();

        await world.PassAsync(TimeSpan.FromSeconds(88), TimeSpan.FromSeconds(44));
        world.Graph.Sends.Count().ShouldBe(1);
        await world.PassAsync(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));

        world.Graph.Sends.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Statuses_that_wait_to_be_split_are_read_before_anything_is_repeated()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => new StubAnswer(500);
        await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");
        await world.SendAsync();
        await world.RunAsync(
            $"""
            insert into intake (id, arrived_at, epoch, nonce, ciphertext, tag)
            values (gen_random_uuid(), '{world.Clock.GetUtcNow():O}', '6-2026112412', '\x00', '\x00', '\x00')
            """
        );

        await world.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(30));
        world.Graph.Sends.Count().ShouldBe(1);
        await world.RunAsync("truncate intake");
        await world.PassAsync(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));

        world.Graph.Sends.Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_take_over_stops_the_repeat_and_the_end_of_its_time_drops_the_reply()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => new StubAnswer(500);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "belirsiz");
        await world.SendAsync();
        await world.RunAsync($"update thread set mode = 'Human' where id = '{thread.Id.Value}'");

        await world.PassAsync(TimeSpan.FromMinutes(26), TimeSpan.FromMinutes(2));

        world.Graph.Sends.Count().ShouldBe(1);
        (await world.OutcomeAsync(reply)).ShouldBe("Unknown");
    }

    [Fact]
    public async Task A_refused_repeat_is_no_repeat()
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        world.Graph.Decide = _ => new StubAnswer(500);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "belirsiz");
        await world.SendAsync();
        world.Graph.Decide = _ => StubAnswer.Refuse(429, 130429);
        await world.PassAsync(Wait, Wait);
        world.Graph.Decide = _ => StubAnswer.Accept;
        await world.PassAsync(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));

        world.Graph.Sends.Count().ShouldBe(3);
        world.Graph.Taken.Count.ShouldBe(1);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
    }

    private static MessageId IdOf(SendWorld world) => MessageId.Parse(world.Graph.Sends.First().CallbackData!, null);

    private static Task<SendCall?> ClaimAsync(SendWorld world, TestThread thread) =>
        world.Host.Services.GetRequiredService<ClaimSend>().RunAsync(world.Tenant, thread.Id, TestContext.Current.CancellationToken);
}
