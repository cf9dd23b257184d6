using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>
/// Writes what has gathered in the buffer, many records at a time, as the role that may insert and nothing else. While the database is
/// away it keeps what it has in hand and the buffer fills; at the end of the process it tries for a bounded time.
/// </summary>
internal sealed partial class WriteSystemLog<TContext>(
    NpgsqlSettings settings,
    SystemLogBuffer buffer,
    KeepDayPartitions<TContext> partitions,
    TimeProvider clock,
    ILogger<WriteSystemLog<TContext>> logger
) : BackgroundService, IHostedLifecycleService
    where TContext : DbContext
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseWhileAway = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(3);

    private readonly NpgsqlDataSource _source = PostgresExtensions.DataSource(
        settings.ConnectionString ?? throw new InvalidOperationException("The connection string of the log role is missing.")
    );

    // In hand: taken from the buffer and not yet known to be written. The loop has it first and the flush after that.
    private List<SystemLogRecord> _batch = [];
    private bool _isAway;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await buffer.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Gather, TimeProvider.System, stoppingToken);
            Take();
            while (!await TryStoreAsync(stoppingToken))
                await Task.Delay(PauseWhileAway, TimeProvider.System, stoppingToken);
        }
    }

    /// <summary>When everything else has stopped: what the others said on their way out is written too.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FlushLimit);
        try
        {
            do
            {
                if (_batch.Count > 0 && !await TryStoreAsync(limit.Token))
                    break;
                Take();
            } while (_batch.Count > 0);
        }
        catch (OperationCanceledException)
        {
            // The limit; what is left is counted below.
        }
        var lost = _batch.Count + buffer.Reader.Count;
        if (lost == 0)
            return;
        buffer.Dropped(lost, "shutdown");
        Lost(logger, lost);
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override void Dispose()
    {
        _source.Dispose();
        base.Dispose();
    }

    private void Take()
    {
        while (_batch.Count < BatchSize && buffer.Reader.TryRead(out var record))
            _batch.Add(record);
        if (buffer.TakeGap() is > 0 and var gap)
            _batch.Add(GapOf(gap));
    }

    private SystemLogRecord GapOf(long count) =>
        new()
        {
            ArrivedAt = clock.GetUtcNow(),
            Id = TypedId.NewGuid(clock),
            Instance = SystemLogProvider.Instance,
            Level = nameof(LogLevel.Warning),
            Category = SystemLogProvider.WriterCategory,
            Message = $"{count} records before this one did not fit into the buffer; the console has them",
        };

    // False: the database is away, and the batch stays in hand.
    private async Task<bool> TryStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await InsertAsync(_batch, cancellationToken);
            }
            // No partition for the day: the clock jumped, or the sweeper that makes days has not run yet.
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
            {
                await partitions.EnsureAsync(cancellationToken);
                await InsertAsync(_batch, cancellationToken);
            }
            buffer.Written(_batch.Count);
        }
        catch (PostgresException error) when (IsData(error))
        {
            return await TryStoreOneByOneAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, logging goes on.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // After a restart of the database every pooled connection is dead.
            _source.Clear();
            if (!_isAway)
                DatabaseAway(logger, error.GetType().Name);
            _isAway = true;
            return false;
        }
        _isAway = false;
        _batch = [];
        return true;
    }

    // One record that the database refuses does not keep its neighbours out.
    private async Task<bool> TryStoreOneByOneAsync(CancellationToken cancellationToken)
    {
        while (_batch.Count > 0)
        {
            try
            {
                await InsertAsync(_batch[^1..], cancellationToken);
                buffer.Written(1);
            }
            catch (PostgresException error) when (IsData(error))
            {
                buffer.Dropped(1, "refused");
            }
#pragma warning disable CA1031 // As above.
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                _source.Clear();
                return false;
            }
            _batch.RemoveAt(_batch.Count - 1);
        }
        return true;
    }

    private static bool IsData(PostgresException error) =>
        error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal);

    // A batch whose commit was not heard of is written again: the ids make that harmless.
    private async Task InsertAsync(List<SystemLogRecord> records, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            """
            insert into log.system_log (arrived_at, id, instance, level, category, event_name, message, trace_id)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
            """
        );
        Add(records.Select(record => record.ArrivedAt).ToArray(), NpgsqlDbType.TimestampTz);
        Add(records.Select(record => record.Id).ToArray(), NpgsqlDbType.Uuid);
        AddText(record => record.Instance);
        AddText(record => record.Level);
        AddText(record => record.Category);
        AddText(record => record.EventName);
        AddText(record => record.Message);
        AddText(record => record.TraceId);
        await command.ExecuteNonQueryAsync(cancellationToken);

        void AddText(Func<SystemLogRecord, string?> column) => Add(records.Select(column).ToArray(), NpgsqlDbType.Text);
        void Add(Array values, NpgsqlDbType type) =>
            command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system log can't be written ({Error}); it is kept and tried again")]
    private static partial void DatabaseAway(ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} records did not reach the system log before the end")]
    private static partial void Lost(ILogger logger, int count);
}

/// <summary>The system log of a service with a database (policy P5.2).</summary>
internal static class SystemLogExtensions
{
    /// <summary>Registers provider, buffer and writer.</summary>
    public static void AddSystemLog<TContext>(this IHostApplicationBuilder builder, string connectionName)
        where TContext : DbContext
    {
        var settings = NpgsqlSettings.Read(builder, connectionName, typeof(TContext).Name);
        builder.Services.AddSingleton<SystemLogBuffer>();
        builder.Services.AddSingleton<ILoggerProvider, SystemLogProvider>();
        builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<WriteSystemLog<TContext>>(provider, settings));
    }
}
