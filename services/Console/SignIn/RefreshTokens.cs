using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OpenIddict.Abstractions;
using OpenIddict.Client;

namespace WpAsis.Console.SignIn;

/// <summary>Renews the access token a minute before its end; when identity refuses (a revoked session), the cookie ends too.</summary>
internal sealed class RefreshTokens(OpenIddictClientService client, RefreshFlights flights, TimeProvider clock) : CookieAuthenticationEvents
{
    private const string NotRenewed = "token-not-renewed";
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(1);

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var expires = context.Properties.GetTokenValue(UserTokens.ExpiresAt);
        if (DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, out var until) && until - Reserve > clock.GetUtcNow())
            return;

        if (context.Properties.GetTokenValue(UserTokens.Refresh) is not { Length: > 0 } refreshToken)
        {
            await RejectAsync(context);
            return;
        }
        try
        {
            var renewed = await flights.RunAsync(refreshToken, () => RenewAsync(refreshToken), clock);
            var identity = context.Properties.GetTokenValue(UserTokens.Identity);
            context.Properties.StoreTokens(UserTokens.From(renewed.Access, renewed.Refresh, identity, renewed.Expires, clock));
            // A role that was changed meanwhile is changed here too.
            if (renewed.Person is { } person)
                context.ReplacePrincipal(person);
            context.ShouldRenew = true;
        }
        catch (OpenIddictExceptions.ProtocolException refusal) when (refusal.Error == OpenIddictConstants.Errors.InvalidGrant)
        {
            await RejectAsync(context);
        }
#pragma warning disable CA1031 // Whatever keeps identity away: nobody is signed out for that. The page says that it can't be shown now.
        catch (Exception) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            context.HttpContext.Items[NotRenewed] = true;
        }
    }

    /// <summary>The person is signed in, but identity is away and the token has run out.</summary>
    public static bool CouldNotRenew(HttpContext context) => context.Items.ContainsKey(NotRenewed);

    private async Task<RenewedTokens> RenewAsync(string refreshToken)
    {
        var result = await client.AuthenticateWithRefreshTokenAsync(
            new OpenIddictClientModels.RefreshTokenAuthenticationRequest { RefreshToken = refreshToken, DisableUserInfo = true }
        );
        var person = result.IdentityTokenPrincipal is { } told ? SignedInPerson.From(told) : null;
        return new(result.AccessToken, result.RefreshToken ?? refreshToken, result.AccessTokenExpirationDate, person);
    }

    private static async Task RejectAsync(CookieValidatePrincipalContext context)
    {
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}

/// <summary>What a refresh brought.</summary>
internal sealed record RenewedTokens(string Access, string Refresh, DateTimeOffset? Expires, ClaimsPrincipal? Person = null);

/// <summary>
/// One refresh for each token: a page's parallel requests would otherwise use it twice, which identity takes for theft and ends the
/// session.
/// </summary>
internal sealed class RefreshFlights
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (Lazy<Task<RenewedTokens>> Flight, DateTimeOffset Until)> _flights = new(
        StringComparer.Ordinal
    );

    public async Task<RenewedTokens> RunAsync(string refreshToken, Func<Task<RenewedTokens>> renew, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _flights.Where(flight => flight.Value.Until < now))
            _flights.TryRemove(old);

        var (flight, _) = _flights.GetOrAdd(refreshToken, _ => (new Lazy<Task<RenewedTokens>>(renew), now + Kept));
        try
        {
            return await flight.Value;
        }
        catch
        {
            // Identity was away, or refused: the next request asks again.
            _flights.TryRemove(refreshToken, out _);
            throw;
        }
    }
}
