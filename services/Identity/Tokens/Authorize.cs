using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Extensions;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using WpAsis.Identity.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace WpAsis.Identity.Tokens;

/// <summary>A client of ours asks for a person: signed in already, or by way of the sign-in page.</summary>
internal static class AuthorizeEndpoint
{
    private const string Path = "/connect/authorize";

    public static void MapAuthorize(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Post], HandleAsync).AllowAnonymous();

    private static async Task<IResult> HandleAsync(
        HttpContext context,
        MemberClaims claims,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var request =
            context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The issuer did not handle this request first.");
        var session = await context.CurrentSessionAsync();
        if (session is null || MustSignInAgain(request, session, clock.GetUtcNow()))
        {
            return request.HasPromptValue(PromptValues.None)
                ? ExchangeTokenEndpoint.Refuse(Errors.LoginRequired, "The person has to sign in.")
                : Results.LocalRedirect("/sign-in" + QueryFor(context, request));
        }

        var scopes = request.GetScopes();
        var principal = await claims.OfAsync(session, scopes, scopes, cancellationToken);
        return Results.SignIn(principal, new AuthenticationProperties(), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static bool MustSignInAgain(OpenIddictRequest request, Session session, DateTimeOffset now) =>
        request.HasPromptValue(PromptValues.Login)
        || (request.MaxAge is { } seconds && now - session.SignedInAt > TimeSpan.FromSeconds(seconds));

    // Back here after signing in, without asking for it a second time.
    private static QueryString QueryFor(HttpContext context, OpenIddictRequest request)
    {
        var parameters = (context.Request.HasFormContentType ? context.Request.Form : context.Request.Query.AsEnumerable()).Where(pair =>
            pair.Key is not (Parameters.Prompt or Parameters.MaxAge)
        );
        var back = Path + new QueryBuilder(parameters);
        var query = new QueryBuilder { { "returnUrl", back } };
        if (request.UiLocales is { Length: > 0 } languages)
            query.Add(Parameters.UiLocales, languages.Split(' ')[0]);
        return query.ToQueryString();
    }
}
