using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using WpAsis.Identity.Clients;
using WpAsis.Identity.Data;
using WpAsis.Identity.Sessions;
using WpAsis.Identity.Tenants;
using WpAsis.ServiceDefaults.Data;
using Names = WpAsis.ServiceDefaults.Security.Claims;

namespace WpAsis.Identity.Tokens;

/// <summary>What a member's token says: ids and a role, read anew for each token, never a name or an address.</summary>
internal sealed class MemberClaims(IdentityDbContext db, TimeProvider clock)
{
    /// <param name="session">The living session.</param>
    /// <param name="granted">What the client was granted; a refresh token keeps all of it.</param>
    /// <param name="asked">What this access token is for: its audiences.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ClaimsPrincipal> OfAsync(
        Session session,
        ImmutableArray<string> granted,
        ImmutableArray<string> asked,
        CancellationToken cancellationToken
    )
    {
        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Names.AccountId, Names.Role);
        identity.SetClaim(Names.AccountId, session.AccountId.ToString());
        identity.SetClaim(Names.SubjectId, session.SubjectId.ToString());
        identity.SetClaim(Names.SessionId, session.SessionId.ToString());
        identity.SetClaim(OpenIddictConstants.Claims.AuthenticationTime, session.SignedInAt.ToUnixTimeSeconds());
        if (session.TenantId is { } tenant)
        {
            var membership = await db.InTenantAsync(
                tenant,
                (_, token) =>
                    db
                        .Memberships.AsNoTracking()
                        .SingleOrDefaultAsync(row => row.TenantId == tenant && row.AccountId == session.AccountId, token),
                cancellationToken
            );
            if (membership is not null)
            {
                identity.SetClaim(Names.TenantId, tenant.ToString());
                identity.SetClaim(Names.Role, membership.Role.Text());
            }
        }

        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(granted);
        principal.SetResources(asked.Intersect(KnownClients.MemberScopes, StringComparer.Ordinal));
        var left = session.EndsAt - clock.GetUtcNow();
        principal.SetRefreshTokenLifetime(left < Session.IdleLife ? left : Session.IdleLife);
        principal.SetDestinations(DestinationsOf);
        return principal;
    }

    private static IEnumerable<string> DestinationsOf(Claim claim) =>
        // A client shows a person what their role lets them do; the services decide by their own tokens.
        claim.Type
            is Names.AccountId
                or Names.SessionId
                or Names.Role
                or OpenIddictConstants.Claims.AuthenticationTime
            ? [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]
            : [OpenIddictConstants.Destinations.AccessToken];
}
