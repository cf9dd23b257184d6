using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Tests;

/// <summary>Tokens as identity issues them, signed by a key of the test.</summary>
internal static class TestTokens
{
    public const string Issuer = "https://identity.test";

    public static ECDsaSecurityKey Key { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public static string For(TenantId tenant, string role = "owner", string audience = "ai-responder", TimeProvider? clock = null) =>
        Sign(
            new(StringComparer.Ordinal)
            {
                ["sub"] = TypedId.New<AccountId>(TimeProvider.System).ToString(),
                ["subject_id"] = DataSubjectId.New().ToString(),
                ["sid"] = TypedId.New<SessionId>(TimeProvider.System).ToString(),
                ["tenant_id"] = tenant.ToString(),
                ["role"] = role,
            },
            audience,
            clock
        );

    public static string OfService(string service, TimeProvider clock) =>
        Sign(new(StringComparer.Ordinal) { ["sub"] = service, ["service"] = service }, "ai-responder", clock);

    private static string Sign(Dictionary<string, object> claims, string audience, TimeProvider? clock)
    {
        var now = (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = audience,
            TokenType = "at+jwt",
            NotBefore = now,
            Expires = now.AddMinutes(10),
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
            Claims = claims,
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }
}
