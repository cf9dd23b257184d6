using System.Net.Http.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Npgsql;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.ServiceDefaults.Clock;
using WpAsis.TestServers;

namespace WpAsis.DataSubjectRequest.Tests;

/// <summary>The service over a real database and a real broker. What stands between the tests and it.</summary>
public sealed class DataSubjectRequestApplication : IAsyncLifetime
{
    private const string Service = "data-subject-request";
    private SharedServers? _servers;
    private TestDatabase? _database;
    private TestDatabase? _foreign;
    private TestVirtualHost? _virtualHost;
    private readonly string _folder = Directory.CreateTempSubdirectory("rights-").FullName;
    private Neighbours? _neighbours;
    private Replica? _replica;

    internal TestDatabase Database => _database!;

    /// <summary>Another service's database in the same cluster.</summary>
    internal TestDatabase Foreign => _foreign!;

    internal TimeProvider Clock => _replica!.Services.GetRequiredService<TimeProvider>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _servers = await SharedServers.AcquireAsync();
        _database = await _servers.CreateDatabaseAsync(Service, "DataSubjectRequest.Tests");
        _foreign = await _servers.CreateDatabaseAsync("billing", "DataSubjectRequest.Tests");
        _virtualHost = await _servers.CreateVirtualHostAsync("DataSubjectRequest.Tests");
        _neighbours = new(Path.Combine(_folder, "neighbours"), TimeProvider.System);
        _replica = new(_database, _virtualHost.Of(Service), _folder, _neighbours);
        Bus = await TestBus.StartAsync(_virtualHost.Tests);
        await Bus.WaitForQueuesAsync(_replica.Services);
    }

    internal TestBus Bus { get; private set; } = null!;

    internal Neighbours Neighbours => _neighbours!;

    internal IServiceProvider Services => _replica!.Services;

    /// <summary>The superuser, who sees through row-level security.</summary>
    internal string Superuser => new NpgsqlConnectionStringBuilder(_servers!.Superuser) { Database = _database!.Name }.ConnectionString;

    /// <summary>A client that shows where it is sent instead of going there.</summary>
    internal HttpClient CreatePatientClient() => _replica!.CreateClient(new() { AllowAutoRedirect = false });

    internal HttpClient CreateClient() => _replica!.CreateClient();

    /// <summary>Moves the clock; answers when every sweeper has run once at the new time.</summary>
    internal async Task AdvanceAsync(TimeSpan step)
    {
        using var client = CreateClient();
        var offset = _replica!.Services.GetRequiredService<ShiftedTime>().Offset + step;
        using var response = await client.PostAsJsonAsync("/_clock", new MoveClockRequest(offset), Stop);
        response.EnsureSuccessStatusCode();
    }

    internal static async Task<object?> ScalarAsync(string connectionString, string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (Bus is not null)
            await Bus.DisposeAsync();
        foreach (var part in new IAsyncDisposable?[] { _replica, _virtualHost, _foreign, _database, _servers })
        {
            if (part is not null)
                await part.DisposeAsync();
        }
        _neighbours?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Replica(TestDatabase database, Uri bus, string folder, Neighbours neighbours)
        : WebApplicationFactory<DataSubjectRequestDbContext>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("ConnectionStrings:data-subject-request-db", database.App);
            builder.UseSetting("ConnectionStrings:data-subject-request-db-work", database.Work);
            builder.UseSetting("ConnectionStrings:data-subject-request-db-log", database.Log);
            builder.UseSetting("ConnectionStrings:rabbitmq", bus.AbsoluteUri);
            builder.UseSetting("KeyRings:Own", Path.Combine(folder, "own"));
            builder.UseSetting("Auth:Authority", Tokens.Issuer);
            builder.UseSetting("Auth:ClientSecret", "of the tests");
            builder.ConfigureLogging(logs => logs.SetMinimumLevel(LogLevel.Warning));
            builder.ConfigureTestServices(services =>
            {
                foreach (var client in (string[])["identity", "issuer", "messaging-gateway", "ai-responder", "billing"])
                    services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new Shared(neighbours));
                services.PostConfigureAll<JwtBearerOptions>(options =>
                {
                    var issuer = new OpenIdConnectConfiguration { Issuer = Tokens.Issuer };
                    issuer.SigningKeys.Add(Tokens.Key);
                    options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
                    options.TokenValidationParameters.ValidIssuer = Tokens.Issuer;
                });
            });
        }
    }

    // The factory of clients disposes its handlers; the neighbours live as long as the tests.
    private sealed class Shared(Neighbours neighbours) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _invoker = new(neighbours, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _invoker.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _invoker.Dispose();
            base.Dispose(disposing);
        }
    }
}
