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

    public static string For(TenantId tenant, string role = "owner", string audience = "ai-responder", TimeProvider? clock = null)
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
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = TypedId.New<AccountId>(TimeProvider.System).ToString(),
                ["subject_id"] = DataSubjectId.New().ToString(),
                ["sid"] = TypedId.New<SessionId>(TimeProvider.System).ToString(),
                ["tenant_id"] = tenant.ToString(),
                ["role"] = role,
            },
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }
}
