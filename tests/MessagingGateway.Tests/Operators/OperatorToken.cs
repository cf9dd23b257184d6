using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace WpAsis.MessagingGateway.Tests.Operators;

/// <summary>A token as identity gives it to operators.</summary>
internal static class OperatorToken
{
    private const string Issuer = "https://identity.test";
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "operators" };

    public static void Trust(JwtBearerOptions options)
    {
        var issuer = new OpenIdConnectConfiguration { Issuer = Issuer };
        issuer.SigningKeys.Add(Key);
        options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
        options.TokenValidationParameters.ValidIssuer = Issuer;
    }

    public static string Make(TimeProvider clock, string audience = "operators")
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
                SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
                Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "operators", ["service"] = "operators" },
            }
        );
    }
}
