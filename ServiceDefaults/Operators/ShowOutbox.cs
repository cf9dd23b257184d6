using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>Messages of one type that wait for the broker.</summary>
public sealed record OutboxBacklog(string Type, long Count, double OldestAgeSeconds, int MostAttempts);

/// <summary>All that waits.</summary>
public sealed record OutboxResponse(long Backlog, double OldestAgeSeconds, IReadOnlyList<OutboxBacklog> Items);

/// <summary>What was decided and not yet published.</summary>
internal static class ShowOutboxEndpoint
{
    public static void MapShowOutbox(this IEndpointRouteBuilder operators) => operators.MapGet("/outbox", HandleAsync);

    private static async Task<Ok<OutboxResponse>> HandleAsync(
        OperatorDatabase database,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.Command(
            "select type, count(*), min(created_at), max(attempts) from outbox group by type order by min(created_at)"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var items = new List<OutboxBacklog>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var age = (now - reader.GetFieldValue<DateTimeOffset>(2)).TotalSeconds;
            items.Add(new(reader.GetString(0), reader.GetInt64(1), Math.Round(Math.Max(age, 0), 3), reader.GetInt32(3)));
        }
        return TypedResults.Ok(
            new OutboxResponse(items.Sum(item => item.Count), items.Select(item => item.OldestAgeSeconds).DefaultIfEmpty().Max(), items)
        );
    }
}
