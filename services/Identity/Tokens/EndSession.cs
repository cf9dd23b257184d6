using Microsoft.AspNetCore.Authentication;
using OpenIddict.Server.AspNetCore;
using WpAsis.Identity.Sessions;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Tokens;

/// <summary>
/// A client of ours signs a person out. Only a token that we signed ends a session by itself; without one the person is asked.
/// </summary>
internal static class EndSessionEndpoint
{
    public static void MapEndSession(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/connect/endsession", [HttpMethods.Get, HttpMethods.Post], HandleAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> HandleAsync(HttpContext context, SignOut signOut, CancellationToken cancellationToken)
    {
        // The principal of the id_token_hint.
        var hint = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (hint.Principal?.FindSessionId() is not { } session)
            return Results.LocalRedirect("/sign-out");

        await signOut.EndAsync(session, cancellationToken);
        var current = await context.CurrentSessionAsync();
        if (current is null || current.SessionId == session)
            await context.SignOutAsync(SessionsFeature.Scheme);
        return Results.SignOut(
            new AuthenticationProperties { RedirectUri = "/signed-out" },
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );
    }
}
