using System.Collections.Concurrent;
using MassTransit;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Billing;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Stubs;

/// <summary>
/// Billing and the gateway as the responder hears them on the bus: billing grants everything, the gateway collects replies.
/// </summary>
internal sealed class Neighbours : IAsyncDisposable
{
    private readonly IBusControl _bus;

    private Neighbours(IBusControl bus) => _bus = bus;

    public ConcurrentQueue<ReplyGenerated> Replies { get; } = [];

    public ConcurrentQueue<ReserveUsage> Asked { get; } = [];

    public ConcurrentQueue<TurnStarted> Started { get; } = [];

    public static async Task<Neighbours> StartAsync(TestVirtualHost host)
    {
        Neighbours? neighbours = null;
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(host.Tests, at => at.UseSsl(ssl => ssl.ServerName = host.Tests.Host));
            rabbit.ReceiveEndpoint(
                "neighbours",
                endpoint =>
                {
                    endpoint.Handler<ReserveUsage>(context => neighbours!.GrantAsync(context));
                    endpoint.Handler<ReplyGenerated>(context => Keep(neighbours!.Replies, context.Message));
                    endpoint.Handler<TurnStarted>(context => Keep(neighbours!.Started, context.Message));
                }
            );
        });
        neighbours = new Neighbours(bus);
        await bus.StartAsync(TestContext.Current.CancellationToken);
        return neighbours;
    }

    public Task PublishAsync<T>(T message)
        where T : class => _bus.Publish(message, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _bus.StopAsync(CancellationToken.None);

    private async Task GrantAsync(ConsumeContext<ReserveUsage> context)
    {
        Asked.Enqueue(context.Message);
        await context.Publish(
            new UsageReserved
            {
                TenantId = context.Message.TenantId,
                UsageId = context.Message.UsageId,
                ThreadId = context.Message.ThreadId,
                ExpiresAt = context.Message.ExpiresAt,
            }
        );
    }

    private static Task Keep<T>(ConcurrentQueue<T> queue, T message)
    {
        queue.Enqueue(message);
        return Task.CompletedTask;
    }
}
