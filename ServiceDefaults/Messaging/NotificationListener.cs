using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>What to do when a channel is notified.</summary>
/// <param name="Channel">PostgreSQL channel.</param>
/// <param name="Handle">Called with the payload; must not block. Called with an empty payload after a reconnect, when notifications
/// may be lost.</param>
public sealed record Notification(string Channel, Action<string> Handle);

/// <summary>One LISTEN connection per process. It only shortens a wait: what it misses, a sweep finds.</summary>
public sealed partial class NotificationListener<TContext>(
    WorkDb<TContext> work,
    IEnumerable<Notification> notifications,
    TimeProvider clock,
    ILogger<NotificationListener<TContext>> logger
) : BackgroundService
    where TContext : DbContext
{
    private static readonly TimeSpan PauseBeforeReconnect = TimeSpan.FromSeconds(1);
    private readonly ILookup<string, Notification> _byChannel = notifications.ToLookup(item => item.Channel, StringComparer.Ordinal);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The database may be away; the sweeps go on without us.
            catch (Exception error)
#pragma warning restore CA1031
            {
                ConnectionLost(logger, error.GetType().Name);
            }
            await Task.Delay(PauseBeforeReconnect, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, args) => Dispatch(args.Channel, args.Payload);
        foreach (var channel in _byChannel)
        {
#pragma warning disable CA2100 // Channel names are constants of ours.
            await using var listen = new NpgsqlCommand($"listen \"{channel.Key}\"", connection);
#pragma warning restore CA2100
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }
        foreach (var channel in _byChannel)
            Dispatch(channel.Key, "");
        while (true)
            await connection.WaitAsync(stoppingToken);
    }

    private void Dispatch(string channel, string payload)
    {
        foreach (var notification in _byChannel[channel])
            notification.Handle(payload);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The notification connection was lost ({Error}); it reconnects")]
    private static partial void ConnectionLost(ILogger logger, string error);
}
