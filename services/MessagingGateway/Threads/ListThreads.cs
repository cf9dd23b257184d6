using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>
/// The tenant's threads, the latest message first: all, those of one mode, those that wait for a person, those that can be answered.
/// </summary>
internal static class ListThreadsEndpoint
{
    public static void MapListThreads(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/threads", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<Page<ThreadResponse>>, ValidationProblem>> HandleAsync(
        ClaimsPrincipal user,
        GatewayDbContext db,
        Vault vault,
        TimeProvider clock,
        CancellationToken cancellationToken,
        ThreadMode? mode = null,
        bool needsPerson = false,
        bool open = false,
        int limit = PageCursor.DefaultLimit,
        PageCursor? after = null
    )
    {
        if (limit is < 1 or > PageCursor.MaxLimit)
            return Problems.Invalid("limit", $"A page holds 1 to {PageCursor.MaxLimit} threads.");
        var filter = new ThreadFilter(mode, needsPerson, open);
        var rows = await db.InTenantAsync(
            user.TenantIdOf(),
            (inner, token) => ReadThreads.ListAsync(inner, vault, filter, clock.GetUtcNow(), after ?? PageCursor.Start, limit, token),
            cancellationToken
        );
        return TypedResults.Ok(PageCursor.PageOf(rows, limit, thread => new(thread.LastMessageAt, thread.Id.Value)));
    }
}
