using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;

namespace WpAsis.Console.SignIn;

/// <summary>To identity and back.</summary>
internal static class Endpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", SignInAsync).AllowAnonymous();
        routes.MapMethods("/signin-callback", ["GET", "POST"], CompleteSignInAsync).AllowAnonymous().DisableAntiforgery();
        routes.MapPost("/sign-out", (Delegate)SignOutAsync).DisableAntiforgery();
        routes
            .MapMethods("/signed-out-callback", ["GET", "POST"], () => TypedResults.Redirect("/welcome"))
            .AllowAnonymous()
            .DisableAntiforgery();
    }

    // Again: some things are shown to a person who has just proved who they are, not to whoever found the browser open.
    private static async Task<Results<ChallengeHttpResult, StatusCodeHttpResult>> SignInAsync(
        string? returnUrl,
        OpenIddictClientService client,
        IConfiguration configuration,
        CancellationToken cancellationToken,
        bool again = false
    )
    {
        if (!await IsThereAsync(client, new Uri(configuration["Auth:Authority"]!), cancellationToken))
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        var properties = new AuthenticationProperties { RedirectUri = RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/" };
        if (again)
            properties.SetParameter(OpenIddictConstants.Parameters.Prompt, OpenIddictConstants.PromptValues.Login);
        return TypedResults.Challenge(properties, [OpenIddictClientAspNetCoreDefaults.AuthenticationScheme]);
    }

    private static async Task<Results<RedirectHttpResult, SignInHttpResult>> CompleteSignInAsync(HttpContext context, TimeProvider clock)
    {
        var result = await context.AuthenticateAsync(OpenIddictClientAspNetCoreDefaults.AuthenticationScheme);
        if (result is not { Succeeded: true, Principal: { } person })
            return TypedResults.Redirect("/welcome?failed=1");

        var properties = new AuthenticationProperties { RedirectUri = result.Properties!.RedirectUri ?? "/", IsPersistent = true };
        properties.StoreTokens(
            UserTokens.From(
                result.Properties.GetTokenValue(OpenIddictClientAspNetCoreConstants.Tokens.BackchannelAccessToken),
                result.Properties.GetTokenValue(OpenIddictClientAspNetCoreConstants.Tokens.RefreshToken),
                result.Properties.GetTokenValue(OpenIddictClientAspNetCoreConstants.Tokens.BackchannelIdentityToken),
                result.Properties.GetTokenValue(OpenIddictClientAspNetCoreConstants.Tokens.BackchannelAccessTokenExpirationDate),
                clock
            )
        );
        return TypedResults.SignIn(SignedInPerson.From(person), properties, CookieAuthenticationDefaults.AuthenticationScheme);
    }

    private static async Task<SignOutHttpResult> SignOutAsync(HttpContext context)
    {
        var idToken = await context.GetTokenAsync(UserTokens.Identity);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.SignOut(
            new AuthenticationProperties(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [OpenIddictClientAspNetCoreConstants.Properties.IdentityTokenHint] = idToken,
                }
            )
            {
                RedirectUri = "/welcome",
            },
            [OpenIddictClientAspNetCoreDefaults.AuthenticationScheme]
        );
    }

    // A challenge that can't find its issuer is answered with an error for machines; the error page is for people.
    private static async Task<bool> IsThereAsync(OpenIddictClientService client, Uri issuer, CancellationToken cancellationToken)
    {
        try
        {
            _ = await client.GetServerConfigurationByIssuerAsync(issuer, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps identity away.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
