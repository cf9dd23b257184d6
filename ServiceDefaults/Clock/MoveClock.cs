using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using WpAsis.ServiceDefaults.Management;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Clock;

/// <summary>
/// Development only, management port only: moves this process's clock and answers when every sweeper has run once at the new time.
/// </summary>
public static class MoveClockEndpoint
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    internal static void MapMoveClock(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/_clock", HandleAsync).ManagementOnly().AllowAnonymous();

    private static async Task<Ok<MoveClockResponse>> HandleAsync(
        MoveClockRequest request,
        ShiftedTime clock,
        IEnumerable<Sweeper> sweepers,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        clock.MoveTo(request.Offset);
        // Partitions first: the others may write into the new day.
        foreach (var sweeper in sweepers.OrderBy(sweeper => sweeper.Order))
            await RunOnceAsync(sweeper, limit.Token);
        return TypedResults.Ok(new MoveClockResponse(clock.Offset, clock.GetUtcNow()));
    }

    // Processes move one after the other: for a moment a neighbour's token is of another time, and what needs it fails.
    private static async Task RunOnceAsync(Sweeper sweeper, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await sweeper.RunNowAsync(cancellationToken);
                return;
            }
#pragma warning disable CA1031 // Whatever failed is tried again until the limit.
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }
}

/// <summary>The whole offset from real time, not a step.</summary>
public sealed record MoveClockRequest(TimeSpan Offset);

/// <summary>Where the clock stands now.</summary>
public sealed record MoveClockResponse(TimeSpan Offset, DateTimeOffset Now);
