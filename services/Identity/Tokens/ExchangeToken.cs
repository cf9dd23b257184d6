using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using WpAsis.Identity.Data;
using WpAsis.Identity.Sessions;
using WpAsis.ServiceDefaults.Security;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace WpAsis.Identity.Tokens;

/// <summary>Tokens for a code, for a refresh token while its session lives, or for one of our own programs.</summary>
internal static class ExchangeTokenEndpoint
{
    public static void MapExchangeToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/connect/token", HandleAsync).AllowAnonymous().DisableAntiforgery();

    /// <summary>An error as OAuth writes it.</summary>
    public static IResult Refuse(string error, string description) =>
        Results.Forbid(
            new AuthenticationProperties(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
                    [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
                }
            ),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );

    private static Task<IResult> HandleAsync(
        HttpContext context,
        IdentityDbContext db,
        MemberClaims claims,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var request =
            context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The issuer did not handle this request first.");
        return request.IsClientCredentialsGrantType()
            ? Task.FromResult(ForProgram(request))
            : ForPersonAsync(context, request, db, claims, clock, cancellationToken);
    }

    private static IResult ForProgram(OpenIddictRequest request)
    {
        var scopes = request.GetScopes();
        if (scopes is not [var audience])
            return Refuse(Errors.InvalidScope, "Ask for one audience at a time.");

        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        identity.SetClaim(OpenIddictConstants.Claims.Subject, request.ClientId);
        identity.SetClaim(ServiceDefaults.Security.Claims.Service, request.ClientId);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetResources(audience);
        principal.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(principal, new AuthenticationProperties(), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static async Task<IResult> ForPersonAsync(
        HttpContext context,
        OpenIddictRequest request,
        IdentityDbContext db,
        MemberClaims claims,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var result = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (result.Principal is not { } granted || granted.FindSessionId() is not { } id)
            return Refuse(Errors.InvalidGrant, "The token names no session.");
        if (await CheckSession.FindAliveAsync(db, id, clock, cancellationToken) is not { } session)
            return Refuse(Errors.InvalidGrant, "The session has ended.");

        // The issuer has checked that what is asked for was granted; an access token is for no more than that.
        var asked = request.GetScopes();
        var principal = await claims.OfAsync(
            session,
            granted.GetScopes(),
            asked.IsDefaultOrEmpty ? granted.GetScopes() : asked,
            cancellationToken
        );
        return Results.SignIn(principal, new AuthenticationProperties(), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
