using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
        _replica = new(_database, _virtualHost.Of(Service));
    }

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
        foreach (var part in new IAsyncDisposable?[] { _replica, _virtualHost, _foreign, _database, _servers })
        {
            if (part is not null)
                await part.DisposeAsync();
        }
    }

    private sealed class Replica(TestDatabase database, Uri bus) : WebApplicationFactory<DataSubjectRequestDbContext>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("ConnectionStrings:data-subject-request-db", database.App);
            builder.UseSetting("ConnectionStrings:data-subject-request-db-work", database.Work);
            builder.UseSetting("ConnectionStrings:data-subject-request-db-log", database.Log);
            builder.UseSetting("ConnectionStrings:rabbitmq", bus.AbsoluteUri);
            builder.UseSetting("Auth:Authority", "https://identity.test/");
            builder.UseSetting("Auth:ClientSecret", "of the tests");
            builder.ConfigureLogging(logs => logs.SetMinimumLevel(LogLevel.Warning));
            builder.ConfigureTestServices(services =>
            {
                foreach (var client in (string[])["identity", "issuer"])
                    services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new IdentityStub());
            });
        }
    }

    private sealed class IdentityStub : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body =
                request.RequestUri!.AbsolutePath == "/connect/token" ? """{"access_token":"x","expires_in":600}""" : """{"items":[]}""";
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") }
            );
        }
    }
}
