using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Sessions;

/// <summary>
/// To our services: the sessions that ended while a token of theirs may still be valid. What ended before that needs no list.
/// </summary>
internal static class ListRevokedSessionsEndpoint
{
    public static void MapListRevokedSessions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/revoked-sessions", HandleAsync).RequireAuthorization(Policies.Service);

    private static async Task<Ok<RevokedSessions>> HandleAsync(
        IdentityDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(new RevokedSessions(await ReadAsync(db, clock, cancellationToken)));

    internal static async Task<List<RevokedSession>> ReadAsync(
        IdentityDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var since = clock.GetUtcNow() - RevocationList.TokenLife;
        return await db
            .Sessions.Where(session => session.EndedAt >= since)
            .Select(session => new RevokedSession(session.SessionId, session.EndedAt!.Value))
            .ToListAsync(cancellationToken);
    }
}
