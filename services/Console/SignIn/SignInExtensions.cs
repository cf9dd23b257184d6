using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Console.SignIn;

/// <summary>Signs people in at identity (code + PKCE) and keeps their tokens in one sealed cookie: no token reaches a script.</summary>
internal static class SignInExtensions
{
    /// <summary>What the console asks identity for: one audience for each service it calls.</summary>
    private static readonly string[] Scopes =
    [
        "openid",
        "offline_access",
        "identity",
        "messaging-gateway",
        "ai-responder",
        "billing",
        "data-subject-request",
    ];

    // A person waits at the page; the usual retries would keep them there for half a minute.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var folder = builder.Configuration["KeyRings:Own"] ?? throw new InvalidOperationException("KeyRings:Own is missing.");
        var ring = new FileKeyRing(folder, TimeProvider.System);
        builder.Services.AddSingleton(ring);
        builder
            .Services.AddDataProtection()
            .SetApplicationName("console")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(folder, "data-protection")));

        builder
            .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options =>
            {
                options.Cookie.Name = "__Host-console";
                options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.HttpOnly = true;
                options.ExpireTimeSpan = TimeSpan.FromDays(14);
                options.SlidingExpiration = true;
                options.LoginPath = "/welcome";
                options.ReturnUrlParameter = "returnUrl";
                options.EventsType = typeof(RefreshTokens);
            });
        builder.Services.AddScoped<RefreshTokens>();
        builder.Services.AddSingleton<RefreshFlights>();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        builder
            .Services.AddOpenIddict()
            .AddClient(options =>
            {
                options.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow();
                // Stateless: what would be a row here is in identity's database and in the sealed state parameter.
                options.DisableTokenStorage();
                options.AddEncryptionKey(new SymmetricSecurityKey(ring.GetOrCreate("state-encryption", 32)));
                options.AddSigningKey(StateSigningKey(ring));
                options
                    .UseAspNetCore()
                    .EnableRedirectionEndpointPassthrough()
                    .EnablePostLogoutRedirectionEndpointPassthrough()
                    .Configure(cookies => cookies.CookieBuilder.Name = "__Host-console-state");
                options.UseSystemNetHttp().ConfigureHttpClient(client => client.Timeout = Limit);
                options.AddRegistration(Registration(builder.Configuration));
            });
    }

    private static OpenIddictClientRegistration Registration(ConfigurationManager configuration)
    {
        var registration = new OpenIddictClientRegistration
        {
            Issuer = new Uri(configuration["Auth:Authority"] ?? throw new InvalidOperationException("Auth:Authority is missing.")),
            ClientId = "console",
            ClientSecret = configuration["Auth:ClientSecret"] ?? throw new InvalidOperationException("Auth:ClientSecret is missing."),
            RedirectUri = new Uri("signin-callback", UriKind.Relative),
            PostLogoutRedirectUri = new Uri("signed-out-callback", UriKind.Relative),
        };
        registration.Scopes.UnionWith(Scopes);
        return registration;
    }

    // Every replica signs and reads the same state tokens, so the key is the ring's.
    private static ECDsaSecurityKey StateSigningKey(FileKeyRing ring)
    {
        var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = ring.GetOrCreate("state-signing", 32) });
        return new ECDsaSecurityKey(key) { KeyId = "console-state" };
    }
}
