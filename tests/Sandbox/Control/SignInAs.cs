using WpAsis.Sandbox.Phone;

namespace WpAsis.Sandbox.Control;

/// <summary>
/// An access token of an account, by the same sign-in as a browser's: for tests, scripts and the seeding of the demonstration.
/// </summary>
internal static class SignInAs
{
    public static void MapSignInAs(this IEndpointRouteBuilder routes) =>
        routes.MapPost(
            "/token",
            async (SignInRequest request, HttpContext context, TimeProvider clock, CancellationToken cancellationToken) =>
            {
                var own = new Uri($"https://localhost:{context.Connection.LocalPort}/callback");
                var scope = request.Scope ?? "openid messaging-gateway";
                try
                {
                    var signIn = new CodeSignIn(request.Identity, "sandbox", own, scope, clock);
                    var token = await signIn.RunAsync(request.Email, request.Password, cancellationToken);
                    return Results.Ok(new { accessToken = token.Value, expiresAt = token.ExpiresAt });
                }
                catch (SignInException refusal)
                {
                    return Results.Problem(refusal.Message, statusCode: StatusCodes.Status502BadGateway);
                }
            }
        );

    private sealed record SignInRequest(Uri Identity, string Email, string Password, string? Scope);
}
