using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OpenIddict.Server;
using WpAsis.Identity.Clients;
using WpAsis.Identity.Data;
using WpAsis.Identity.Keys;
using WpAsis.ServiceDefaults.Security;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace WpAsis.Identity.Tokens;

/// <summary>The issuer: OpenID Connect for people, client credentials for our services.</summary>
internal static class TokensFeature
{
    /// <summary>Life of an access token; the revocation lists of all services keep entries for as long.</summary>
    public static readonly TimeSpan AccessTokenLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(1);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        var issuer =
            builder.Configuration["Auth:Authority"]
            ?? throw new InvalidOperationException("Auth:Authority is missing: the issuer's own address.");
        builder.Services.AddScoped<MemberClaims>();
        builder.Services.AddScoped<IssuerDbContext>();
        builder
            .Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<IssuerDbContext>().ReplaceDefaultEntities<Guid>())
            .AddServer(server =>
            {
                server.SetIssuer(new Uri(issuer));
                server
                    .SetAuthorizationEndpointUris("connect/authorize")
                    .SetTokenEndpointUris("connect/token")
                    .SetEndSessionEndpointUris("connect/endsession")
                    .SetRevocationEndpointUris("connect/revoke");
                server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().RequireProofKeyForCodeExchange();
                server.RegisterScopes([Scopes.OpenId, Scopes.OfflineAccess, .. KnownClients.Scopes]);
                server.RegisterAudiences([.. KnownClients.Scopes]);
                server.SetAccessTokenLifetime(AccessTokenLife).SetAuthorizationCodeLifetime(CodeLife);
                server.SetIdentityTokenLifetime(AccessTokenLife).SetRefreshTokenLifetime(Sessions.Session.IdleLife);
                // A refresh token is used once: a second use is taken for theft and ends its whole family.
                server.UseReferenceRefreshTokens().SetRefreshTokenReuseLeeway(null);
                server.DisableAccessTokenEncryption();
                server.AddEventHandler(EndSessionOnReuse.Descriptor);
                server
                    .UseAspNetCore()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableTokenEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough();
            });
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<IssuerKeys>(Configure);

        // Our own tokens need no round trip to our own metadata.
        foreach (var scheme in (string[])[JwtBearerDefaults.AuthenticationScheme, Authentication.Operators])
        {
            builder
                .Services.AddOptions<JwtBearerOptions>(scheme)
                .Configure<IssuerKeys>(
                    (options, keys) =>
                    {
                        options.Configuration = new OpenIdConnectConfiguration { Issuer = new Uri(issuer).AbsoluteUri };
                        options.Configuration.SigningKeys.Add(keys.Signing);
                    }
                );
        }
    }

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapAuthorize();
        routes.MapExchangeToken();
        routes.MapEndSession();
    }

    private static void Configure(OpenIddictServerOptions options, IssuerKeys keys)
    {
        options.SigningCredentials.Add(new(keys.Signing, Microsoft.IdentityModel.Tokens.SecurityAlgorithms.EcdsaSha256));
        options.EncryptionCredentials.Add(
            new(
                keys.Encryption,
                Microsoft.IdentityModel.Tokens.SecurityAlgorithms.Aes256KW,
                Microsoft.IdentityModel.Tokens.SecurityAlgorithms.Aes256CbcHmacSha512
            )
        );
        options.CodeChallengeMethods.Clear();
        options.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
        // A fragment would reach scripts, a posted form would need one.
        options.ResponseModes.Clear();
        options.ResponseModes.Add(ResponseModes.Query);
    }
}
