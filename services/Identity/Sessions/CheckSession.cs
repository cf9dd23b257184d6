using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Sessions;

/// <summary>A cookie is as good as its session's row, on each request: an ended session ends everywhere at once.</summary>
internal static class CheckSession
{
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var session = context.Principal?.FindSessionId() is { } id
            ? await FindAliveAsync(
                services.GetRequiredService<IdentityDbContext>(),
                id,
                services.GetRequiredService<TimeProvider>(),
                context.HttpContext.RequestAborted
            )
            : null;
        if (session is not null)
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SessionsFeature.Scheme);
    }

    /// <summary>The session while it lives, marked as seen.</summary>
    public static async Task<Session?> FindAliveAsync(
        IdentityDbContext db,
        SessionId id,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.SessionId == id, cancellationToken);
        if (session is null || !session.IsAlive(now))
            return null;
        if (session.LastSeenAt < now - SeenEvery)
        {
            await db
                .Sessions.Where(row => row.SessionId == id && row.EndedAt == null)
                .ExecuteUpdateAsync(row => row.SetProperty(value => value.LastSeenAt, now), cancellationToken);
        }
        return session;
    }

    /// <summary>The session that the request's cookie names.</summary>
    public static async Task<Session?> CurrentSessionAsync(this HttpContext context)
    {
        var result = await context.AuthenticateAsync(SessionsFeature.Scheme);
        if (!result.Succeeded || result.Principal.FindSessionId() is not { } id)
            return null;
        var db = context.RequestServices.GetRequiredService<IdentityDbContext>();
        return await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.SessionId == id, context.RequestAborted);
    }

    /// <summary>What the cookie holds: the session's name and nothing else.</summary>
    public static ClaimsPrincipal Cookie(Session session) =>
        new(new ClaimsIdentity([new(Claims.SessionId, session.SessionId.ToString())], SessionsFeature.Scheme));
}
