using System.Collections.Concurrent;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class SendUnderFaultsTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    [Fact]
    [Trait("tier", "long")]
    public Task Every_one_of_a_thousand_replies_arrives_once_whatever_Meta_does() => ArriveOnceAsync(1_000);

    [Fact]
    public Task Every_reply_arrives_once_whatever_Meta_does() => ArriveOnceAsync(200);

    [Fact]
    public async Task Two_senders_keep_the_order_of_a_thread()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        await world.AddHostAsync();
        var calls = 0;
        world.Graph.Decide = _ => Interlocked.Increment(ref calls) % 7 == 0 ? StubAnswer.Refuse(429, 130429) : StubAnswer.Accept;
        var expected = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var t = 0; t < 5; t++)
        {
            var number = "90555000010" + t;
            var thread = await world.AddThreadAsync(number);
            expected[number] = [.. Enumerable.Range(1, 12).Select(i => $"{t}-{i}")];
            // Queued in disorder: the sequence decides.
            foreach (var i in Enumerable.Range(1, 12).OrderBy(i => i * 7 % 13))
                await world.QueueAsync(thread, $"{t}-{i}", i);
        }

        await world.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));

        foreach (var (number, texts) in expected)
            world.Graph.Taken.Where(taken => taken.Call.To == number).Select(taken => taken.Call.Said).ShouldBe(texts);
    }

    private async Task ArriveOnceAsync(int count)
    {
        await using var world = await SendWorld.CreateAsync(fixture, Patience);
        await world.AddHostAsync();
        var calls = 0;
        world.Graph.Decide = _ => Fault(Interlocked.Increment(ref calls));
        var statuses = new ConcurrentQueue<MessageId>();
        world.Graph.AfterTaking = (call, _) =>
        {
            statuses.Enqueue(MessageId.Parse(call.CallbackData!, null));
            return Task.CompletedTask;
        };
        var replies = new List<ReplyGenerated>();
        for (var i = 0; i < count / 4; i++)
        {
            var thread = await world.AddThreadAsync("9055500" + (10_000 + i));
            for (var j = 0; j < 4; j++)
                replies.Add(await world.QueueAsync(thread, $"{i}-{j}", j));
        }

        for (var round = 0; round < 40 && (await world.ReadAsync("select 1 from send_route", _ => true)).Count > 0; round++)
        {
            await world.PassAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
            while (statuses.TryDequeue(out var message))
                await world.StatusAsync(message, world.Clock.GetUtcNow());
        }

        world.Graph.Taken.Count.ShouldBe(count);
        world.Graph.Taken.Select(taken => taken.Call.CallbackData).Distinct(StringComparer.Ordinal).Count().ShouldBe(count);
        var published = await world.PublishedAsync();
        published.ShouldAllBe(message => message.Type == "MessagingGateway:ReplyAccepted");
        published
            .Select(message => message.Body.GetProperty("replyId").GetString())
            .ShouldBe(replies.Select(reply => reply.ReplyId.ToString()), ignoreOrder: true);
        world.Host.Metrics.DoubledTotal.ShouldBe(0);
    }

    // One in ten throttled, one in twenty taken without an answer, some pairs told to slow down.
    private static StubAnswer Fault(int call) =>
        (call * 37 % 100) switch
        {
            < 10 => StubAnswer.Refuse(429, 130429),
            < 15 => StubAnswer.Accept with { HangsAfterAccepting = true },
            < 17 => StubAnswer.Refuse(400, 131056),
            _ => StubAnswer.Accept,
        };
}
