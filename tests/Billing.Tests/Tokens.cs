using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tests;

/// <summary>Tokens as identity would issue them.</summary>
internal static class Tokens
{
    public const string Issuer = "https://identity.test/";

    public static ECDsaSecurityKey Key { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public static string Member(this BillingApplication app, TenantId tenant, string audience = "billing", string role = "owner") =>
        Sign(
            app.Clock,
            audience,
            new(StringComparer.Ordinal)
            {
                ["sub"] = TypedId.New<AccountId>(app.Clock).ToString(),
                ["subject_id"] = DataSubjectId.New().ToString(),
                ["sid"] = TypedId.New<SessionId>(app.Clock).ToString(),
                ["tenant_id"] = tenant.ToString(),
                ["role"] = role,
            }
        );

    public static string Service(this BillingApplication app, string service) =>
        Sign(app.Clock, "billing", new(StringComparer.Ordinal) { ["sub"] = service, ["service"] = service });

    public static string Operator(this BillingApplication app, string audience = "operators") =>
        Sign(app.Clock, audience, new(StringComparer.Ordinal) { ["sub"] = "operators", ["service"] = "operators" });

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
