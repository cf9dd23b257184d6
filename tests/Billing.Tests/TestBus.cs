using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Tests;

/// <summary>The other services: publishes what they would and keeps what billing says.</summary>
internal sealed class TestBus : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly List<object> _heard = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private IBusControl _bus = null!;

    public static async Task<TestBus> StartAsync(Uri address)
    {
        var bus = new TestBus();
        bus._bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(
                address,
                host =>
                {
                    if (address.Scheme == "amqps")
                    {
                        host.UseSsl(ssl =>
                        {
                            ssl.Protocol = Tls.Protocols;
                            ssl.ServerName = address.Host;
                        });
                    }
                }
            );
            rabbit.ReceiveEndpoint(
                "tests",
                endpoint =>
                {
                    endpoint.Handler<UsageReserved>(bus.Hear);
                    endpoint.Handler<UsageDenied>(bus.Hear);
                    endpoint.Handler<EntitlementsChanged>(bus.Hear);
                    endpoint.Handler<SendNotice>(bus.Hear);
                    endpoint.Handler<SubjectErased>(bus.Hear);
                    endpoint.Handler<SubjectRectified>(bus.Hear);
                }
            );
        });
        await bus._bus.StartAsync(new CancellationTokenSource(Limit).Token);
        return bus;
    }

    /// <summary>A message published before its queue is bound is lost: the replicas' endpoints must be ready.</summary>
    public async Task WaitForQueuesAsync(IServiceProvider replica)
    {
        var health = replica.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>();
        await Eventually.TrueAsync(
            async () =>
                (await health.CheckHealthAsync(check => check.Tags.Contains("masstransit"))).Status
                is Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy,
            "the bus of a replica is up"
        );
    }

    public Task PublishAsync<T>(T message, Guid? messageId = null)
        where T : class =>
        _bus.Publish(message, context => context.MessageId = messageId ?? TypedId.RandomGuid(), TestContext.Current.CancellationToken);

    /// <summary>What was heard of one kind so far.</summary>
    public IReadOnlyList<T> Heard<T>(Func<T, bool> filter)
    {
        lock (_lock)
            return [.. _heard.OfType<T>().Where(filter)];
    }

    /// <summary>The first message that fits, heard already or to come.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool> filter) => (await NextAsync(filter, 1))[0];

    /// <summary>Waits until so many were heard.</summary>
    public async Task<IReadOnlyList<T>> NextAsync<T>(Func<T, bool> filter, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            TaskCompletionSource next;
            lock (_lock)
            {
                List<T> found = [.. _heard.OfType<T>().Where(filter)];
                if (found.Count >= count)
                    return found;
                next = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(next);
            }
            try
            {
                await next.Task.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"{count} × {typeof(T).Name} did not come; heard {Heard(filter).Count}.", late);
            }
        }
    }

    public async ValueTask DisposeAsync() => await _bus.StopAsync(new CancellationTokenSource(Limit).Token);

    private Task Hear<T>(ConsumeContext<T> context)
        where T : class
    {
        lock (_lock)
        {
            _heard.Add(context.Message);
            foreach (var waiting in _waiting)
                waiting.TrySetResult();
            _waiting.Clear();
        }
        return Task.CompletedTask;
    }
}
