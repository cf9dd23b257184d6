using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WpAsis.Privacy.Ids;

namespace WpAsis.DataSubjectRequest.Tests;

/// <summary>Tokens as identity would issue them.</summary>
internal static class Tokens
{
    public const string Issuer = "https://identity.test/";

    public static ECDsaSecurityKey Key { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    /// <summary>A signed-in person's token.</summary>
    public static string Person(this DataSubjectRequestApplication app, DataSubjectId subject, TimeSpan signedInBefore = default) =>
        Sign(
            app.Clock,
            "data-subject-request",
            new(StringComparer.Ordinal)
            {
                ["sub"] = TypedId.New<AccountId>(app.Clock).ToString(),
                ["subject_id"] = subject.ToString(),
                ["sid"] = TypedId.New<SessionId>(app.Clock).ToString(),
                ["auth_time"] = (app.Clock.GetUtcNow() - signedInBefore).ToUnixTimeSeconds(),
            }
        );

    private static string Sign(TimeProvider clock, string audience, Dictionary<string, object> claims)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = audience,
                TokenType = "at+jwt",
                NotBefore = now,
                Expires = now.AddMinutes(10),
                SigningCredentials = new(Key, SecurityAlgorithms.EcdsaSha256),
                Claims = claims,
            }
        );
    }
}
