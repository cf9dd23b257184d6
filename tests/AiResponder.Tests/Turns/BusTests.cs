using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.Contracts.Identity;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

/// <summary>The way over RabbitMQ, with the permissions that Setup gives the service.</summary>
public sealed class BusTests(SharedServers servers)
{
    [Fact]
    public async Task A_message_on_the_bus_becomes_a_reservation_a_model_call_and_a_reply()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var host = await servers.CreateVirtualHostAsync("AiResponder.Tests", stop);
        await using var neighbours = await Neighbours.StartAsync(host);
        await using var app = await ResponderApplication.StartAsync(servers, Running.Everything, bus: host.Of("ai-responder"));
        app.Model.Answer = _ => Task.FromResult(StubAnswer.Says("At 9."));
        var (first, second) = (new Conversation(app), new Conversation(app));
        foreach (var contact in new[] { first, second })
        {
            await neighbours.PublishAsync(
                new TenantRegistered
                {
                    TenantId = contact.Tenant,
                    Country = "TR",
                    At = app.Clock.GetUtcNow(),
                }
            );
            await contact.PublishProfileAsync();
        }
        var batch = new MessagesReceived { Items = [first.Message("When do you open?"), second.Message("Ne zaman açılıyor?")] };

        await neighbours.PublishAsync(batch);
        await neighbours.PublishAsync(batch);

        await Eventually.HoldsAsync(() => neighbours.Replies.Count == 2);
        neighbours.Replies.Select(reply => reply.ThreadId).ShouldBe([first.Thread, second.Thread], ignoreOrder: true);
        first.Open(neighbours.Replies.Single(reply => reply.ThreadId == first.Thread)).Text.ShouldBe("At 9.");
        second.Open(neighbours.Replies.Single(reply => reply.ThreadId == second.Thread)).Language.ShouldBe("tr");
        neighbours.Asked.Select(asked => asked.ThreadId).ShouldBeUnique();
        neighbours.Started.Count.ShouldBe(2);
        neighbours.Started.ShouldAllBe(started => started.MessageIds.Count == 1);
        app.Model.Calls.Count.ShouldBe(2);

        // The take-over comes by the bus too, and a message behind it proves that nothing more is answered.
        await neighbours.PublishAsync(first.Change(ThreadMode.Human));
        await Eventually.HoldsAsync(async () => (await first.ClockAsync()).Silent);
        await neighbours.PublishAsync(new MessagesReceived { Items = [first.Message("hello?"), second.Message("And on Sunday?")] });
        await Eventually.HoldsAsync(() => neighbours.Replies.Count == 3);
        neighbours.Replies.Last().ThreadId.ShouldBe(second.Thread);
        await app.HoldsInvariantsAsync();
    }
}
