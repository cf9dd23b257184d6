using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.ServiceDefaults.Clock;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests;

/// <summary>How much of the service runs.</summary>
internal enum Running
{
    /// <summary>Nothing by itself: a test takes each step.</summary>
    Nothing,

    /// <summary>Claims, leases, repeats and notifications; messages go in and out by the database.</summary>
    Workers,

    /// <summary>The workers without notifications: only the heartbeat tells them.</summary>
    Deaf,

    /// <summary>Everything, on RabbitMQ.</summary>
    Everything,
}

/// <summary>The responder in memory, on a database of its own, with a model that a test scripts.</summary>
internal sealed class ResponderApplication : WebApplicationFactory<ResponderDbContext>
{
    /// <summary>Setting of the tests: connections of the work role.</summary>
    public const string PoolSize = "pool-size";

    private const string Project = "AiResponder.Tests";
    private readonly Running _running;
    private readonly Dictionary<string, string> _settings;
    private readonly string _keys = Directory.CreateTempSubdirectory("responder-keys-").FullName;
    private readonly bool _ownsDatabase;

    private ResponderApplication(
        SharedServers servers,
        TestDatabase database,
        bool ownsDatabase,
        Uri? bus,
        ModelStub model,
        Running running,
        string? keys,
        Dictionary<string, string>? settings
    )
    {
        Servers = servers;
        Database = database;
        Model = model;
        _running = running;
        _ownsDatabase = ownsDatabase;
        if (keys is not null)
        {
            Directory.Delete(_keys);
            _keys = keys;
        }
        _settings = new(StringComparer.Ordinal)
        {
            ["ConnectionStrings:ai-responder-db"] = database.App,
            ["ConnectionStrings:ai-responder-db-work"] = database.Work,
            ["ConnectionStrings:ai-responder-db-log"] = database.Log,
            ["ConnectionStrings:rabbitmq"] = (bus ?? new Uri("amqps://nobody:nothing@localhost:1/none")).OriginalString,
            ["KeyRings:Own"] = Path.Combine(_keys, "own"),
            ["KeyRings:Content"] = Path.Combine(_keys, "content"),
            ["Auth:Authority"] = TestTokens.Issuer,
            ["Auth:ClientSecret"] = "unused",
            ["Model:Provider"] = "openai",
            ["Model:Endpoint"] = model.Endpoint.ToString(),
            ["Model:ApiKey"] = "test",
            ["Model:Name"] = "stub-1",
            ["Turns:LookAhead"] = "00:00:00.050",
            ["Turns:Heartbeat"] = "00:00:00.500",
        };
        foreach (var (name, value) in settings ?? [])
            _settings[name] = value;
        if (_settings.Remove(PoolSize, out var pool))
            _settings["ConnectionStrings:ai-responder-db-work"] += ";Maximum Pool Size=" + pool;
    }

    public SharedServers Servers { get; }

    public TestDatabase Database { get; }

    public ModelStub Model { get; }

    /// <summary>How often a turn did not reach the database.</summary>
    public CountingLogger<ReachDatabase> Outages { get; } = new();

    public ShiftedTime Clock => Services.GetRequiredService<ShiftedTime>();

    public WorkDb<ResponderDbContext> Work => Get<WorkDb<ResponderDbContext>>();

    public static async Task<ResponderApplication> StartAsync(
        SharedServers servers,
        Running running = Running.Workers,
        Dictionary<string, string>? settings = null,
        Uri? bus = null
    )
    {
        var database = await servers.CreateDatabaseAsync("ai-responder", Project, TestContext.Current.CancellationToken);
        var model = await ModelStub.StartAsync();
        var application = new ResponderApplication(servers, database, true, bus, model, running, null, settings);
        application.Begin();
        return application;
    }

    /// <summary>Another replica on the same database, the same keys and the same model.</summary>
    public ResponderApplication Replica(Running running, Dictionary<string, string>? settings = null)
    {
        var replica = new ResponderApplication(Servers, Database, false, null, Model, running, _keys, settings);
        replica.Begin();
        replica.Clock.MoveTo(Clock.Offset);
        return replica;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public void Advance(TimeSpan time) => Clock.MoveTo(Clock.Offset + time);

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    public HttpClient Client(string token)
    {
        var client = CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost") });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!_ownsDatabase)
            return;
        await Model.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureLogging(logging => logging.ClearProviders());
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
        builder.ConfigureServices(services =>
        {
            services.PostConfigureAll<JwtBearerOptions>(options =>
            {
                var issuer = new OpenIdConnectConfiguration { Issuer = TestTokens.Issuer };
                issuer.SigningKeys.Add(TestTokens.Key);
                options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
                options.TokenValidationParameters.ValidIssuer = TestTokens.Issuer;
            });
            services.AddSingleton<ILogger<ReachDatabase>>(Outages);
            if (_running is not Running.Everything)
                KeepOnly(services, _running);
        });
    }

    private static void KeepOnly(IServiceCollection services, Running running)
    {
        foreach (
            var hosted in services
                .Where(service => service.ServiceType == typeof(IHostedService))
                .Where(service => service.ImplementationType?.Name != "GenericWebHostService")
                .ToList()
        )
            services.Remove(hosted);
        if (running is Running.Nothing)
            return;
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ClaimTurns>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<KeepLeases>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RepeatReservations>());
        if (running is not Running.Deaf)
            services.AddHostedService<NotificationListener<ResponderDbContext>>();
    }

    private void Begin() => Get<RevocationList>().Load([]);
}
