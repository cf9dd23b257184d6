using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>A table kept in partitions of one day of arrival.</summary>
/// <param name="Name">Schema-qualified where it is not in <c>public</c>.</param>
/// <param name="Retention">How long a day is kept after its end; the owner's function refuses an earlier drop.</param>
public sealed record DayPartitionedTable(string Name, TimeSpan Retention)
{
    /// <summary>System logs (policy P5.2).</summary>
    public static DayPartitionedTable SystemLog { get; } = new("log.system_log", Privacy.Retention.RetentionTable.SystemLogs);
}

/// <summary>The tables of one service that are kept in day partitions.</summary>
public sealed record DayPartitionPlan(IReadOnlyList<DayPartitionedTable> Tables);

/// <summary>Keeps today and three days ahead, and drops the days whose retention has passed.</summary>
public sealed class KeepDayPartitions<TContext>(
    WorkDb<TContext> work,
    DayPartitionPlan plan,
    TimeProvider clock,
    ILogger<KeepDayPartitions<TContext>> logger
) : Sweeper(logger)
    where TContext : DbContext
{
    private const int DaysAhead = 3;

    /// <inheritdoc />
    public override int Order => 0;

    /// <inheritdoc />
    public override bool Purges => true;

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    /// <summary>Makes the missing days and drops the old ones; safe to call from a writer that met a missing day.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        foreach (var table in plan.Tables)
        {
            // Yesterday too: a message that arrived a second before midnight is written a second after it.
            for (var day = -1; day <= DaysAhead; day++)
                await AddDayAsync(connection, table.Name, today.AddDays(day), cancellationToken);
            await DropOldDaysAsync(connection, table, now, cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        return false;
    }

    private static async Task AddDayAsync(NpgsqlConnection connection, string table, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select add_day($1, $2)", connection)
        {
            Parameters =
            {
                new() { Value = table },
                new() { Value = day },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task DropOldDaysAsync(
        NpgsqlConnection connection,
        DayPartitionedTable table,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var day in await ExistingDaysAsync(connection, table.Name, cancellationToken))
        {
            var end = new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            if (end + table.Retention > now)
                continue;
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select set_config('app.now', $1, true), drop_day($2, $3)", connection)
            {
                Parameters =
                {
                    new() { Value = now.ToString("O") },
                    new() { Value = table.Name },
                    new() { Value = day },
                },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            Purged("days of " + table.Name, 1);
        }
    }

    private static async Task<List<DateOnly>> ExistingDaysAsync(
        NpgsqlConnection connection,
        string table,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select to_date(right(c.relname, 8), 'YYYYMMDD') from pg_inherits i join pg_class c on c.oid = i.inhrelid "
                + "where i.inhparent = to_regclass($1) order by 1",
            connection
        )
        {
            Parameters = { new() { Value = table } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new List<DateOnly>();
        while (await reader.ReadAsync(cancellationToken))
            days.Add(reader.GetFieldValue<DateOnly>(0));
        return days;
    }
}
