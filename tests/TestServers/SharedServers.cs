using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Servers;
using Xunit;

namespace WpAsis.TestServers;

/// <summary>
/// PostgreSQL and RabbitMQ, shared by all test processes of a clone. Take it as a fixture of the assembly
/// (<c>[assembly: AssemblyFixture(typeof(SharedServers))]</c>) or by <see cref="AcquireAsync"/>; disposing it lets the last one stop them.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    private ServerLifetime? _lifetime;
    private FileStream? _lock;
    private ServersFile? _servers;
    private TestDatabases? _databases;
    private TestVirtualHosts? _virtualHosts;

    /// <summary>Connection string of PostgreSQL's superuser, for what no role of ours may see.</summary>
    public string Superuser => Running.Postgres;

    /// <summary>RabbitMQ's management API with user and password.</summary>
    public Uri BusManagement => Running.BusManagement;

    /// <summary>Certificate of the local authority; empty where the system's authorities are enough for foreign servers.</summary>
    public string Authority => Running.Authority;

    private ServersFile Running => _servers ?? throw new InvalidOperationException("The servers were not acquired.");

    /// <summary>Starts the servers or joins those that run.</summary>
    public static async Task<SharedServers> AcquireAsync(CancellationToken stop = default)
    {
        var servers = new SharedServers();
        await servers.EnterAsync(stop);
        return servers;
    }

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => await EnterAsync(CancellationToken.None);

    /// <summary>A fresh, migrated database of a service, for one test project.</summary>
    /// <param name="service">Resource name, for example <c>messaging-gateway</c>.</param>
    /// <param name="project">Name of the test project, for example <c>MessagingGateway.Tests</c>.</param>
    /// <param name="stop">Gives up.</param>
    public Task<TestDatabase> CreateDatabaseAsync(string service, string project, CancellationToken stop = default) =>
        _databases!.CreateAsync(service, project, stop);

    /// <summary>A fresh virtual host with users for all services, for one test project.</summary>
    /// <param name="project">Name of the test project.</param>
    /// <param name="stop">Gives up.</param>
    public Task<TestVirtualHost> CreateVirtualHostAsync(string project, CancellationToken stop = default) =>
        _virtualHosts!.CreateAsync(project, stop);

    /// <summary>A client that trusts the local authority.</summary>
    public HttpClient CreateHttpClient() => new(LocalTrust.Handler(Authority)) { Timeout = TimeSpan.FromSeconds(30) };

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _databases?.Dispose();
        _virtualHosts?.Dispose();
        (_databases, _virtualHosts) = (null, null);
        if (_lock is not null && _lifetime is not null)
            await _lifetime.LeaveAsync(_lock);
        _lock = null;
        _servers = null;
    }

    private async Task EnterAsync(CancellationToken stop)
    {
        _servers = ExternalServers.Find();
        if (_servers is null)
        {
            _lifetime = new ServerLifetime(Path.Combine(RepositoryRoot.Find(), ".local", "test"), TimeProvider.System);
            (_servers, _lock) = await _lifetime.EnterAsync(stop);
        }
        _databases = new TestDatabases(_servers);
        _virtualHosts = new TestVirtualHosts(_servers);
    }
}
