using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OpenIddict.Abstractions;
using OpenIddict.Client;

namespace WpAsis.Console.SignIn;

/// <summary>Renews the access token a minute before its end; when identity refuses (a revoked session), the cookie ends too.</summary>
internal sealed class RefreshTokens(OpenIddictClientService client, RefreshFlights flights, TimeProvider clock) : CookieAuthenticationEvents
{
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
            context.ShouldRenew = true;
        }
        catch (OpenIddictExceptions.ProtocolException)
        {
            await RejectAsync(context);
        }
    }

    private async Task<RenewedTokens> RenewAsync(string refreshToken)
    {
        var result = await client.AuthenticateWithRefreshTokenAsync(
            new OpenIddictClientModels.RefreshTokenAuthenticationRequest { RefreshToken = refreshToken, DisableUserInfo = true }
        );
        return new(result.AccessToken, result.RefreshToken ?? refreshToken, result.AccessTokenExpirationDate);
    }

    private static async Task RejectAsync(CookieValidatePrincipalContext context)
    {
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}

/// <summary>What a refresh brought.</summary>
internal sealed record RenewedTokens(string Access, string Refresh, DateTimeOffset? Expires);

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
        catch (HttpRequestException)
        {
            // Identity was away: the next request tries again.
            _flights.TryRemove(refreshToken, out _);
            throw;
        }
    }
}
