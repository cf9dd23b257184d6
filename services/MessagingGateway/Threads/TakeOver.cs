using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>A person takes a thread over: the assistant is silent from the answer on.</summary>
internal static class TakeOverEndpoint
{
    public static void MapTakeOver(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/threads/{id}/take-over", HandleAsync).RequireAuthorization(Policies.Agent);

    private static async Task<Results<Ok<ThreadModeResponse>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        ThreadId id,
        ChangeMode change,
        CancellationToken cancellationToken
    ) =>
        await change.RunAsync(user.TenantIdOf(), id, ThreadMode.Human, cancellationToken) is { } changed
            ? TypedResults.Ok(changed)
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-thread", "There is no such thread.");
}
