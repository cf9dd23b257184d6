using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>One thread of the tenant.</summary>
internal static class GetThreadEndpoint
{
    public static void MapGetThread(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/threads/{id}", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<ThreadResponse>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        ThreadId id,
        GatewayDbContext db,
        Vault vault,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await db.InTenantAsync(
            user.TenantIdOf(),
            (inner, token) => ReadThreads.FindAsync(inner, vault, id, clock.GetUtcNow(), token),
            cancellationToken
        )
            is { } thread
            ? TypedResults.Ok(thread)
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-thread", "There is no such thread.");
}
