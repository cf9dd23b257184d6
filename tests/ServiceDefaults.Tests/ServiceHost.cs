using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using WpAsis.Contracts.Identity;
using WpAsis.ServiceDefaults.Clock;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests;

/// <summary>A service of nothing but the defaults, with billing's name, database and rights on the bus, and two ports.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    public const int ManagementPort = 7110;
    private readonly WebApplication _app;

    private ServiceHost(WebApplication app, CapturedLogs logs)
    {
        _app = app;
        Logs = logs;
        Public = Client(7100);
        Management = Client(ManagementPort);
    }

    public IServiceProvider Services => _app.Services;

    public CapturedLogs Logs { get; }

    public HttpClient Public { get; }

    public HttpClient Management { get; }

    public ShiftedTime Clock => Services.GetRequiredService<ShiftedTime>();

    public WorkDb<EmptyDbContext> Work => Services.GetRequiredService<WorkDb<EmptyDbContext>>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ServiceHost> StartAsync(TestDatabase database, Uri bus, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([
            new("Auth:Authority", "https://identity.test"),
            new("Management:Port", "7110"),
            new("ConnectionStrings:billing-db", database.App),
            new("ConnectionStrings:billing-db-work", database.Work),
            new("ConnectionStrings:billing-db-log", database.Log),
            new("ConnectionStrings:rabbitmq", bus.OriginalString),
        ]);
        var logs = new CapturedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.AddIssuerDefaults("billing");
        builder.AddServiceDatabase<EmptyDbContext>("billing-db");
        builder.AddMessaging<EmptyDbContext>("billing", consumers => consumers.AddConsumer<CountTenantConsumer>());
        builder.Services.AddSingleton<CountedTenants>();
        builder.Services.PostConfigureAll<JwtBearerOptions>(options =>
        {
            var issuer = new OpenIdConnectConfiguration { Issuer = "https://identity.test" };
            issuer.SigningKeys.Add(Host.Key);
            options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
            options.TokenValidationParameters.ValidIssuer = "https://identity.test";
        });
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGet("/", () => "in");
        await app.StartAsync(Stop);
        app.Services.GetRequiredService<RevocationList>().Load([]);
        return new ServiceHost(app, logs);
    }

    /// <summary>A token as identity gives it to operators.</summary>
    public string OperatorToken(string audience = "operators", string service = "operators") =>
        Host.Token(token =>
        {
            var now = Clock.GetUtcNow().UtcDateTime;
            (token.Audience, token.NotBefore, token.Expires) = (audience, now, now.AddMinutes(10));
            token.Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = service, ["service"] = service };
        });

    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        string? token,
        object? body = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await client.SendAsync(request, Stop);
    }

    /// <summary>Calls a command as an operator; the answer must be a good one.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string path)
    {
        using var response = await SendAsync(Management, method, path, OperatorToken());
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A message published before its queue is bound is lost.</summary>
    public async Task WaitForBusAsync()
    {
        var health = Services.GetRequiredService<HealthCheckService>();
        await Eventually.HoldsAsync(async () =>
            (await health.CheckHealthAsync(check => check.Tags.Contains("masstransit"))).Status is HealthStatus.Healthy
        );
    }

    public async ValueTask DisposeAsync()
    {
        Public.Dispose();
        Management.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private HttpClient Client(int port)
    {
        var handler = _app.GetTestServer().CreateHandler(context => context.Connection.LocalPort = port);
        return new HttpClient(handler) { BaseAddress = new Uri("https://localhost") };
    }
}

/// <summary>What every service's database has, and nothing else.</summary>
internal sealed class EmptyDbContext(DbContextOptions<EmptyDbContext> options) : ServiceDbContext(options)
{
    protected override void MapService(ModelBuilder modelBuilder) { }
}

/// <summary>What the consumer did, and whether it can.</summary>
internal sealed class CountedTenants
{
    private int _effects;

    public int Effects => Volatile.Read(ref _effects);

    public bool Fails { get; set; }

    public void Add() => Interlocked.Increment(ref _effects);
}

/// <summary>A consumer that fails while the test wants it to.</summary>
internal sealed class CountTenantConsumer(EmptyDbContext db, CountedTenants counted, TimeProvider clock) : IConsumer<TenantRegistered>
{
    public async Task Consume(ConsumeContext<TenantRegistered> context)
    {
        if (counted.Fails)
            throw new InvalidOperationException("fault-canary");
        var isNew = false;
        await context.ConsumeOnceAsync(
            db,
            context.Message.TenantId,
            clock,
            (_, _) =>
            {
                isNew = true;
                return Task.CompletedTask;
            }
        );
        if (isNew)
            counted.Add();
    }
}
