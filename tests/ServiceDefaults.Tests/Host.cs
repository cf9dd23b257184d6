using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.Tests;

/// <summary>A service that consists of nothing but the defaults, with an issuer of its own.</summary>
internal sealed class Host : IAsyncDisposable
{
    public const string Audience = "billing";
    private readonly WebApplication _app;

    private Host(WebApplication app) => _app = app;

    public static ECDsaSecurityKey Key { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public HttpClient Client => _app.GetTestClient();

    public RevocationList Revocations => _app.Services.GetRequiredService<RevocationList>();

    public static async Task<Host> StartAsync(Action<WebApplication> map, bool revocationsLoaded = true)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Auth:Authority", "https://identity.test")]);
        builder.AddIssuerDefaults(Audience);
        builder.Services.PostConfigureAll<JwtBearerOptions>(options =>
        {
            var issuer = new OpenIdConnectConfiguration { Issuer = "https://identity.test" };
            issuer.SigningKeys.Add(Key);
            options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
            options.TokenValidationParameters.ValidIssuer = "https://identity.test";
        });
        var app = builder.Build();
        app.UseServiceDefaults();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var host = new Host(app);
        if (revocationsLoaded)
            host.Revocations.Load([]);
        return host;
    }

    /// <summary>A token as identity would issue it, with whatever the test bends.</summary>
    public static string Token(Action<SecurityTokenDescriptor>? bend = null, SessionId? session = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = "https://identity.test",
            Audience = Audience,
            TokenType = "at+jwt",
            NotBefore = now,
            Expires = now.AddMinutes(10),
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = TypedId.New<AccountId>(TimeProvider.System).ToString(),
                ["sid"] = (session ?? TypedId.New<SessionId>(TimeProvider.System)).ToString(),
                ["tenant_id"] = TypedId.New<TenantId>(TimeProvider.System).ToString(),
                ["role"] = "owner",
            },
        };
        bend?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }
}
