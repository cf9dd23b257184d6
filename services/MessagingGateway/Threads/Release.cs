using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>A person gives a thread back: the assistant answers what is written from now on.</summary>
internal static class ReleaseEndpoint
{
    public static void MapRelease(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/threads/{id}/release", HandleAsync).RequireAuthorization(Policies.Agent);

    private static async Task<Results<Ok<ThreadModeResponse>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        ThreadId id,
        ChangeMode change,
        CancellationToken cancellationToken
    ) =>
        await change.RunAsync(user.TenantIdOf(), id, ThreadMode.Assistant, cancellationToken) is { } changed
            ? TypedResults.Ok(changed)
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-thread", "There is no such thread.");
}
