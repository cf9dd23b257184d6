using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Identity;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Replies;

/// <summary>The way over the bus, with the permissions that the gateway's own user has.</summary>
public sealed class SendReplyTests(SendFixture fixture, SharedServers servers) : IClassFixture<SendFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_generated_reply_is_sent_a_started_turn_is_shown_and_a_closed_tenant_is_disconnected()
    {
        await using var host = await servers.CreateVirtualHostAsync("MessagingGateway.Tests", Stop);
        await using var world = await SendWorld.CreateAsync(fixture, bus: host.Of("messaging-gateway"));
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(host.Tests, Ssl));
        await bus.StartAsync(Stop);
        var thread = await world.AddThreadAsync();
        var asked = await AddMessageAsync(world, thread);

        await bus.Publish(Turn(world, thread, asked), Stop);
        await UntilAsync(() => Task.FromResult(world.Graph.Calls.Any(call => call.IsRead)));
        var reply = world.Make(thread, "merhaba");
        await bus.Publish(reply, Stop);
        await bus.Publish(reply, Stop);
        await UntilAsync(() => Task.FromResult(!world.Graph.Taken.IsEmpty));
        await bus.Publish(new TenantClosed { TenantId = world.Tenant, At = world.Clock.GetUtcNow() }, Stop);
        await UntilAsync(async () => (await StateAsync(world)) == "Disconnected");
        await UntilAsync(async () => (await world.PublishedAsync()).Count == 0);

        var read = world.Graph.Calls.First(call => call.IsRead);
        read.Body.GetProperty("message_id").GetString().ShouldBe("wamid.inbound");
        read.Body.GetProperty("typing_indicator").GetProperty("type").GetString().ShouldBe("text");
        world.Graph.Taken.ShouldHaveSingleItem().Call.Said.ShouldBe("merhaba");
        var consumers = await world.ReadAsync("select consumer from inbox", row => row.GetString(0));
        consumers.Count(consumer => consumer == nameof(ReplyGenerated)).ShouldBe(2);
        await bus.StopAsync(Stop);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static void Ssl(IRabbitMqHostConfigurator host) =>
        host.UseSsl(ssl =>
            ssl.Protocol = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13
        );

    private static TurnStarted Turn(SendWorld world, TestThread thread, MessageId asked) =>
        new()
        {
            TenantId = world.Tenant,
            TurnId = TypedId.New<TurnId>(world.Clock),
            ThreadId = thread.Id,
            SubjectId = thread.Subject,
            MessageIds = [asked],
        };

    private static async Task<MessageId> AddMessageAsync(SendWorld world, TestThread thread)
    {
        var message = TypedId.New<MessageId>(world.Clock);
        await using var db = world.Host.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        await db.InTenantAsync(
            world.Tenant,
            async (inner, token) =>
            {
                var key = await world.Host.Services.GetRequiredService<Vault>().OpenSubjectKeyAsync(inner, thread.Subject, token);
                await inner
                    .Connection()
                    .RunAsync(
                        """
                        insert into message_log (tenant_id, arrived_at, id, thread_id, channel_id, subject, direction, kind, sequence,
                            wamid, sent_at, sent_at_usable)
                        values ($1, $2, $3, $4, $5, $6, 'Inbound', 'Text', 1, $7, $2, true)
                        """,
                        [
                            world.Tenant.Value,
                            world.Clock.GetUtcNow(),
                            message.Value,
                            thread.Id.Value,
                            world.Channel.Value,
                            thread.Subject.Value,
                            key.Seal(SealedColumns.MessageWamid, "wamid.inbound").ToBytes(),
                        ],
                        token
                    );
            },
            Stop
        );
        return message;
    }

    private static async Task<string> StateAsync(SendWorld world) =>
        (await world.ReadAsync($"select state from channel where id = '{world.Channel.Value}'", row => row.GetString(0))).Single();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Limit);
        while (!await condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }
}
