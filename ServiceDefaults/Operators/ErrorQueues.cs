using MassTransit;
using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>
/// The error queues of this service's own consumers, over a connection that lives for one command. A service's user may read and
/// write what begins with its name and nothing else.
/// </summary>
internal sealed class ErrorQueues(IBusControl bus, ServiceName service, IConfiguration configuration)
{
    private const string Suffix = "_error";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Their names. The queues that each replica makes for itself die with it and are not among them.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. bus.CheckHealth()
                .Endpoints.Values.Select(endpoint => Uri.UnescapeDataString(endpoint.InputAddress?.Segments[^1] ?? ""))
                .Where(queue =>
                    queue.StartsWith(service.Name + "-", StringComparison.Ordinal)
                    && !queue.StartsWith(MessagingExtensions.SessionRevoked(service.Name), StringComparison.Ordinal)
                )
                .Select(queue => queue + Suffix)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The exchange of the queue whose messages ended in an error queue.</summary>
    public static string OriginOf(string errorQueue) => errorQueue[..^Suffix.Length];

    /// <summary>Connects; the caller disposes it.</summary>
    public async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(
            configuration.GetConnectionString("rabbitmq") ?? throw new InvalidOperationException("Connection string 'rabbitmq' is missing.")
        );
        var factory = new ConnectionFactory
        {
            Uri = address,
            ClientProvidedName = "operators",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Limit,
            ContinuationTimeout = Limit,
            HandshakeContinuationTimeout = Limit,
        };
        if (address.Scheme == "amqps")
        {
            factory.Ssl = new SslOption
            {
                Enabled = true,
                ServerName = address.Host,
                Version = Tls.Protocols,
            };
        }
        return await factory.CreateConnectionAsync(cancellationToken);
    }

    /// <summary>How many messages wait in a queue; null where there is no queue, because nothing ever failed.</summary>
    public static async Task<long?> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        // A queue that is not there closes the channel that asked.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    /// <summary>The broker is away, refuses, or takes too long: nothing of ours is wrong, and it is not for ever.</summary>
    public static bool IsAway(Exception error) =>
        error is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or IOException or TimeoutException;
}
