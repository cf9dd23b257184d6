using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>A sweeper of this process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LastRunAt">When it last ended; absent before its first run.</param>
/// <param name="NextRunAt">When it runs at the latest; absent while it runs, and where only others start it.</param>
/// <param name="IsRunning">It runs now.</param>
/// <param name="LastError">Type of the error its last run ended with; absent when it ended well.</param>
public sealed record TimerState(string Name, DateTimeOffset? LastRunAt, DateTimeOffset? NextRunAt, bool IsRunning, string? LastError);

/// <summary>Rows of one table whose moment has come and that nobody has taken yet.</summary>
public sealed record DueRows(string Table, long Due, DateTimeOffset? OldestAt);

/// <summary>Both halves of a timer: who looks, and what waits.</summary>
public sealed record TimersResponse(IReadOnlyList<TimerState> Items, IReadOnlyList<DueRows> Rows);

/// <summary>The timers of a service: its sweepers in this process, and the rows that are due in its database.</summary>
internal static class ListTimersEndpoint
{
    public static void MapListTimers(this IEndpointRouteBuilder operators) => operators.MapGet("/timers", HandleAsync);

    private static async Task<Ok<TimersResponse>> HandleAsync(
        IEnumerable<Sweeper> sweepers,
        IEnumerable<TimerRows> tables,
        OperatorDatabase database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var states = sweepers
            .Select(sweeper => sweeper.State)
            .OrderBy(state => state.Name, StringComparer.Ordinal)
            .Select(state => new TimerState(
                state.Name,
                now - state.SinceLastRun,
                now + state.UntilNextRun,
                state.IsRunning,
                state.LastError
            ));
        var rows = new List<DueRows>();
        foreach (var table in tables.OrderBy(table => table.Table, StringComparer.Ordinal))
            rows.Add(await CountAsync(database, table, now, cancellationToken));
        return TypedResults.Ok(new TimersResponse([.. states], rows));
    }

    private static async Task<DueRows> CountAsync(
        OperatorDatabase database,
        TimerRows table,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var more = table.Where is null ? "" : $" and ({table.Where})";
        await using var command = database.Command(
            $"select count(*), min({table.Column}) from {table.Table} where {table.Column} <= $1{more}",
            now
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(table.Table, reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }
}
