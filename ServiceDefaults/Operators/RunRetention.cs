using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>What a purge forgot, by table.</summary>
/// <param name="Sweeper">Its name.</param>
/// <param name="Purged">Rows (or days, or keys) by what they were of; empty where nothing had expired.</param>
public sealed record PurgeResult(string Sweeper, IReadOnlyDictionary<string, long> Purged);

/// <summary>Runs every purge of this service now, to the end. What has not expired stays: an operator can't forget early.</summary>
internal static class RunRetentionEndpoint
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static void MapRunRetention(this IEndpointRouteBuilder operators) => operators.MapPost("/retention/run", HandleAsync);

    private static async Task<Results<Ok<OperatorPage<PurgeResult>>, ProblemHttpResult>> HandleAsync(
        IEnumerable<Sweeper> sweepers,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var results = new List<PurgeResult>();
        var failed = new List<string>();
        foreach (var sweeper in sweepers.Where(sweeper => sweeper.Purges).OrderBy(sweeper => sweeper.Order))
        {
            try
            {
                await sweeper.MakeDueAsync(limit.Token);
                results.Add(new(sweeper.Name, await sweeper.RunNowAsync(limit.Token)));
            }
#pragma warning disable CA1031 // One purge that fails does not keep the others from running.
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failed.Add($"{sweeper.Name}: {error.GetType().Name}");
            }
        }
        return failed.Count == 0
            ? TypedResults.Ok(new OperatorPage<PurgeResult>(results))
            : Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "retention-incomplete",
                "Not everything that has expired was purged.",
                string.Join(", ", failed)
            );
    }
}
