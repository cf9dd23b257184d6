using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Media;
using WpAsis.MessagingGateway.Operators;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Tests.Replies;

/// <summary>
/// One replica of the sending half: real database, real Graph client, the test's clock. Its sweepers do not run by themselves;
/// the test runs the sender when it wants to.
/// </summary>
internal sealed class SendHost : IAsyncDisposable
{
    public const string Audience = "messaging-gateway";
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };
    private readonly WebApplication _app;

    private SendHost(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public SendQueued Sender => Services.GetRequiredService<SendQueued>();

    public SendMetrics Metrics => Services.GetRequiredService<SendMetrics>();

    public HttpClient Client => _app.GetTestClient();

    public static async Task<SendHost> StartAsync(
        SendFixture fixture,
        Uri graph,
        TimeProvider clock,
        TimeSpan graphTimeout,
        Uri? bus = null
    )
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([
            new("Auth:Authority", "https://identity.test"),
            new("ConnectionStrings:messaging-gateway-db", fixture.Database.App),
            new("ConnectionStrings:messaging-gateway-db-work", fixture.Database.Work),
            new("ConnectionStrings:messaging-gateway-db-log", fixture.Database.Log),
            new("KeyRings:Own", Path.Combine(fixture.Folder, "own")),
            new("KeyRings:Content", Path.Combine(fixture.Folder, "content")),
            new("ConnectionStrings:rabbitmq", bus?.AbsoluteUri),
            new("WhatsApp:GraphUrl", graph.ToString()),
            new("WhatsApp:GraphTimeout", graphTimeout.ToString()),
        ]);
        builder.AddApiDefaults(Audience);
        builder.AddServiceDatabase<GatewayDbContext>("messaging-gateway-db", GatewayTables.MessageLog, GatewayTables.DeliveryAttempt);
        builder.AddVault(Audience);
        builder.AddContentSealing();
        builder.AddCloudApi();
        builder.AddReplies();
        builder.AddThreads();
        builder.AddChannels();
        builder.AddMedia();
        builder.AddOperators();
        if (bus is null)
            builder.Services.RemoveAll<IHostedService>();
        else
        {
            builder.AddMessaging<GatewayDbContext>(
                Audience,
                consumers =>
                {
                    consumers.AddReplyConsumers();
                    consumers.AddChannelConsumers();
                }
            );
        }
        builder.Services.AddSingleton(clock);
        builder.Services.PostConfigureAll<JwtBearerOptions>(options =>
        {
            var issuer = new OpenIdConnectConfiguration { Issuer = "https://identity.test" };
            issuer.SigningKeys.Add(Key);
            options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
            options.TokenValidationParameters.ValidIssuer = "https://identity.test";
        });
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapThreads();
        app.MapChannels();
        app.MapMedia();
        app.MapOperators();
        await app.StartAsync(TestContext.Current.CancellationToken);
        app.Services.GetRequiredService<RevocationList>().Load([]);
        return new SendHost(app);
    }

    /// <summary>A client that is signed in as a member of a tenant, or as another service of ours.</summary>
    public HttpClient SignedIn(TenantId tenant, string role = "owner", string? service = null, string audience = Audience)
    {
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "acc_" + new string('1', 32) };
        if (service is null)
        {
            claims["sid"] = TypedId.New<SessionId>(TimeProvider.System).ToString();
            claims["tenant_id"] = tenant.ToString();
            claims["role"] = role;
        }
        else
            claims["service"] = service;
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = "https://identity.test",
                Audience = audience,
                TokenType = "at+jwt",
                NotBefore = now,
                Expires = now.AddMinutes(10),
                SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
                Claims = claims,
            }
        );
        var client = _app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
