using WpAsis.AppHost;
using WpAsis.AppHost.Native.Servers;
using WpAsis.Setup.Bus;

namespace WpAsis.TestServers;

/// <summary>Makes virtual hosts with one user for each service, permitted what Setup permits, and one for the tests.</summary>
internal sealed class TestVirtualHosts(ServersFile servers) : IDisposable
{
    private readonly BusManagement _management = new(servers.BusManagement, LocalTrust.Handler(servers.Authority));
    private readonly HashSet<string> _cleaned = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<TestVirtualHost> CreateAsync(string project, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            if (_cleaned.Add(project))
                await DropAbandonedAsync(project, stop);
        }
        finally
        {
            _gate.Release();
        }
        var name = Ownership.NewName(project);
        var tests = Address(name, "tests");
        await PrepareBus.RunAsync(_management, tests, BusPermissions.Everything, stop);
        var addresses = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var service in Topology.Services.Where(service => service.UsesBus))
        {
            addresses[service.Name] = Address(name, service.Name);
            await PrepareBus.RunAsync(_management, service.Name, addresses[service.Name], stop);
        }
        return new TestVirtualHost(name, tests, addresses, () => DropAsync(name, CancellationToken.None));
    }

    public void Dispose()
    {
        _management.Dispose();
        _gate.Dispose();
    }

    // Users belong to the whole broker, so their names begin with the virtual host's.
    private Uri Address(string name, string user) =>
        new UriBuilder(servers.BusAddress)
        {
            UserName = $"{name}.{user}",
            Password = servers.Password,
            Path = name,
        }.Uri;

    private async Task DropAbandonedAsync(string project, CancellationToken stop)
    {
        foreach (var name in Ownership.FindAbandoned(project, await _management.ListVirtualHostsAsync(stop)))
            await DropAsync(name, stop);
    }

    private async Task DropAsync(string name, CancellationToken stop)
    {
        await _management.DeleteVirtualHostAsync(name, stop);
        var users = await _management.ListUsersAsync(stop);
        foreach (var user in users.Where(user => user.StartsWith($"{name}.", StringComparison.Ordinal)))
            await _management.DeleteUserAsync(user, stop);
    }
}

/// <summary>A virtual host of its own. Disposing drops it with its users.</summary>
public sealed class TestVirtualHost : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, Uri> _services;
    private readonly Func<Task> _drop;

    internal TestVirtualHost(string name, Uri tests, IReadOnlyDictionary<string, Uri> services, Func<Task> drop)
    {
        Name = name;
        Tests = tests;
        _services = services;
        _drop = drop;
    }

    /// <summary>Name of the virtual host.</summary>
    public string Name { get; }

    /// <summary>Address of a user that may publish and read anything here.</summary>
    public Uri Tests { get; }

    /// <summary>Address of a service's user, with the permissions that Setup gives it.</summary>
    public Uri Of(string service) => _services[service];

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _drop();
}
