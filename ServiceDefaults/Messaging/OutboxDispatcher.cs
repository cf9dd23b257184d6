using System.Diagnostics;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>
/// Publishes outbox rows with the broker's confirmation and deletes them in the transaction that claimed them.
/// Woken by NOTIFY, swept slowly behind. A crash between confirmation and commit publishes once more; inboxes see the same id.
/// </summary>
public sealed partial class OutboxDispatcher<TContext>(
    WorkDb<TContext> work,
    IBus bus,
    TimeProvider clock,
    MessagingMetrics metrics,
    ILogger<OutboxDispatcher<TContext>> logger
) : Sweeper(logger)
    where TContext : DbContext
{
    private const int BatchSize = 200;

    // A publish without permission, or while a node is away, ends only with its token.
    private static readonly TimeSpan PublishLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly ActivitySource Source = new("WpAsis.Messaging");

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var batch = await ClaimAsync(connection, cancellationToken);
        if (batch.Count == 0)
        {
            await MeasureAsync(connection, cancellationToken);
            return false;
        }

        var outcomes = await Task.WhenAll(batch.Select(row => PublishAsync(row, cancellationToken)));
        await FinishAsync(connection, batch, outcomes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var published = outcomes.Count(outcome => outcome is Outcome.Published);
        metrics.Published(published);
        // When nothing got through, the pause in each row's next_at does the waiting.
        return published > 0 && batch.Count == BatchSize;
    }

    private enum Outcome
    {
        Published,

        /// <summary>The message's own fault: it can't be read or written.</summary>
        Unreadable,

        /// <summary>The broker did not confirm it.</summary>
        Unheard,
    }

    private async Task<List<Row>> ClaimAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select id, message_id, type, body, trace_parent, attempts from outbox
            where next_at <= $1 order by next_at, id limit $2 for update skip locked
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = clock.GetUtcNow() },
                new() { Value = BatchSize },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var traceParent = reader.IsDBNull(4) ? null : reader.GetString(4);
            rows.Add(new(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), (byte[])reader[3], traceParent, reader.GetInt32(5)));
        }
        return rows;
    }

    private async Task<Outcome> PublishAsync(Row row, CancellationToken cancellationToken)
    {
        using var activity = Source.StartActivity("outbox publish", ActivityKind.Producer, row.TraceParent);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PublishLimit);
        try
        {
            var type = MessageTypes.ByName[row.Type];
            var message = JsonSerializer.Deserialize(row.Body, type, MessageTypes.Json)!;
            await bus.Publish(message, type, context => context.MessageId = row.MessageId, limit.Token);
            return Outcome.Published;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // One message that can't be published does not hold up its neighbours.
        catch (Exception error)
#pragma warning restore CA1031
        {
            PublishFailed(logger, row.Type, error.GetType().Name, row.Attempts + 1);
            return error is JsonException or KeyNotFoundException or SerializationException ? Outcome.Unreadable : Outcome.Unheard;
        }
    }

    private async Task FinishAsync(NpgsqlConnection connection, List<Row> batch, Outcome[] outcomes, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var results = batch.Zip(outcomes).ToList();
        var sent = results.Where(result => result.Second is Outcome.Published).Select(result => result.First.Id).ToArray();
        var failed = results.Where(result => result.Second is not Outcome.Published).ToList();
        // The broker is away. That is no attempt: what waited must not wait on behind newer rows when it is back.
        var attempts = failed.ConvertAll(result => sent.Length == 0 && result.Second is Outcome.Unheard ? 0 : 1);
        await using var command = new NpgsqlCommand(
            """
            with gone as (delete from outbox where id = any($1))
            update outbox set attempts = attempts + f.more, next_at = f.next_at
            from unnest($2, $3, $4) as f(id, next_at, more) where outbox.id = f.id
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = sent },
                new() { Value = failed.Select(result => result.First.Id).ToArray() },
                new() { Value = failed.Zip(attempts, (result, more) => now + PauseAfter(result.First.Attempts, more)).ToArray() },
                new() { Value = attempts.ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static TimeSpan PauseAfter(int attempts, int more)
    {
        if (more == 0)
            return AwayPause;
        var pause = TimeSpan.FromSeconds(0.5 * Math.Pow(2, Math.Min(attempts + more, 10)));
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task MeasureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select count(*), min(created_at) from outbox", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var oldest = reader.IsDBNull(1) ? TimeSpan.Zero : clock.GetUtcNow() - reader.GetFieldValue<DateTimeOffset>(1);
        metrics.Backlog(reader.GetInt64(0), oldest);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} could not be published ({Error}), attempt {Attempt}")]
    private static partial void PublishFailed(ILogger logger, string type, string error, int attempt);

    private sealed record Row(long Id, Guid MessageId, string Type, byte[] Body, string? TraceParent, int Attempts);
}
