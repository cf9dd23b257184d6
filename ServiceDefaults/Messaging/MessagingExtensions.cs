using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Operators;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>The bus of a service: RabbitMQ over AMQPS, quorum queues, confirms, our own outbox and inbox.</summary>
public static class MessagingExtensions
{
    private const string ConnectionName = "rabbitmq";

    /// <summary>Registers the bus, the outbox dispatcher and the purge of the inbox.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Resource name: prefix of every queue, or two services would share one.</param>
    /// <param name="consumers">Names each consumer; there is no scanning.</param>
    public static void AddMessaging<TContext>(
        this IHostApplicationBuilder builder,
        string service,
        Action<IBusRegistrationConfigurator> consumers
    )
        where TContext : ServiceDbContext
    {
        builder.Services.AddSingleton<MessagingMetrics>();
        builder.Services.AddSingleton<ErrorQueues>();
        builder.Services.AddSweeper<OutboxDispatcher<TContext>>();
        builder.Services.AddSweeper<PurgeInbox<TContext>>();
        builder.Services.AddHostedService<NotificationListener<TContext>>();
        builder.Services.AddSingleton(provider =>
        {
            var dispatcher = provider.GetRequiredService<OutboxDispatcher<TContext>>();
            return new Notification("outbox", _ => dispatcher.Wake());
        });

        builder.Logging.AddFilter(LogFaults.ReplacedCategory, LogLevel.None);
        builder.Services.AddReceiveObserver<LogFaults>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, includeNamespace: false));
            bus.AddConsumer<RevokeSessionConsumer>().ExcludeFromConfigureEndpoints();
            consumers(bus);
            bus.AddConfigureEndpointsCallback(
                (_, _, endpoint) =>
                {
                    if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                        queue.SetQuorumQueue();
                    ConfigureFailure(endpoint);
                }
            );
            bus.UsingRabbitMq(
                (context, rabbit) =>
                {
                    var address = new Uri(
                        builder.Configuration.GetConnectionString(ConnectionName)
                            ?? throw new InvalidOperationException(
                                "Connection string 'rabbitmq' is missing: set ConnectionStrings__rabbitmq."
                            )
                    );
                    rabbit.Host(address, host => Configure(host, address));
                    rabbit.PrefetchCount = 32;
                    // Every replica hears of an ended session: a queue of its own that dies with it.
                    rabbit.ReceiveEndpoint(
                        SessionRevoked(service) + NewId.NextGuid().ToString("N"),
                        endpoint =>
                        {
                            endpoint.Durable = false;
                            endpoint.AutoDelete = true;
                            ConfigureFailure(endpoint);
                            endpoint.ConfigureConsumer<RevokeSessionConsumer>(context);
                        }
                    );
                    rabbit.ConfigureEndpoints(context);
                }
            );
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.StopTimeout = TimeSpan.FromSeconds(4));
    }

    /// <summary>What the queues begin with that each replica has for itself.</summary>
    internal static string SessionRevoked(string service) => service + "-session-revoked-";

    private static void Configure(IRabbitMqHostConfigurator host, Uri address)
    {
        host.PublisherConfirmation = true;
        host.Heartbeat(TimeSpan.FromSeconds(15));
        if (address.Scheme == "amqps")
        {
            host.UseSsl(ssl =>
            {
                ssl.Protocol = Tls.Protocols;
                ssl.ServerName = address.Host;
            });
        }
    }

    // A fault message would need an exchange nobody owns; the error queue is where a poison message ends.
    private static void ConfigureFailure(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.PublishFaults = false;
        endpoint.ConfigureError(error =>
        {
            error.UseFilter(new ForgetWords());
            error.UseFilter(new ErrorTransportFilter());
        });
        // The outer one: its count is what an error queue says of a poison message.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(DatabaseAway.Caused);
            retry.Intervals(100, 500, 2_000);
        });
        endpoint.UseMessageRetry(retry =>
        {
            // While the database is away a message waits where it is: an outage is no poison.
            retry.Handle<Exception>(DatabaseAway.Caused);
            retry.Exponential(200, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500));
        });
    }
}
