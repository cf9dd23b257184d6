using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace WpAsis.Console.SignIn;

/// <summary>Names of the tokens in the sealed cookie.</summary>
internal static class UserTokens
{
    public const string Access = "access_token";
    public const string Refresh = "refresh_token";
    public const string Identity = "id_token";
    public const string ExpiresAt = "expires_at";

    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(10);

    public static AuthenticationToken[] From(string? access, string? refresh, string? identity, string? expires, TimeProvider clock) =>
        From(access, refresh, identity, DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, out var at) ? at : null, clock);

    public static AuthenticationToken[] From(string? access, string? refresh, string? identity, DateTimeOffset? expires, TimeProvider clock)
    {
        var until = (expires ?? clock.GetUtcNow() + UsualLife).ToString("O", CultureInfo.InvariantCulture);
        AuthenticationToken[] tokens =
        [
            new() { Name = Access, Value = access ?? "" },
            new() { Name = Refresh, Value = refresh ?? "" },
            new() { Name = Identity, Value = identity ?? "" },
            new() { Name = ExpiresAt, Value = until },
        ];
        return tokens;
    }
}
