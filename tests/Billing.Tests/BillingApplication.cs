using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WpAsis.Billing.Data;
using WpAsis.Billing.Tests.Stripe;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Clock;
using WpAsis.ServiceDefaults.Data;
using WpAsis.TestServers;

namespace WpAsis.Billing.Tests;

/// <summary>Billing, two replicas of it, over a real database and a real broker. What stands between the tests and the service.</summary>
public sealed class BillingApplication : IAsyncLifetime
{
    private SharedServers? _servers;
    private TestDatabase? _database;
    private TestVirtualHost? _virtualHost;
    private Replica[] _replicas = [];

    // One ring for all of them, as in a deployment: what one signed the other vouches for.
    private readonly string _keys = Directory.CreateTempSubdirectory("billing-keys-").FullName;

    internal TestBus Bus { get; private set; } = null!;

    internal StripeSandbox Stripe { get; } = new();

    internal TestDatabase Database => _database!;

    /// <summary>The superuser, who sees through row-level security.</summary>
    internal string Superuser => new NpgsqlConnectionStringBuilder(_servers!.Superuser) { Database = _database!.Name }.ConnectionString;

    internal TimeProvider Clock => _replicas[0].Services.GetRequiredService<TimeProvider>();

    /// <summary>After a test gave a process of its own all the webhooks.</summary>
    internal void DeliverToAll() => Stripe.Deliver(_replicas);

    internal IReadOnlyList<IServiceProvider> Replicas => [.. _replicas.Select(replica => replica.Services)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _servers = await SharedServers.AcquireAsync();
        _database = await _servers.CreateDatabaseAsync("billing", "Billing.Tests");
        _virtualHost = await _servers.CreateVirtualHostAsync("Billing.Tests");
        _replicas = [CreateReplica(), CreateReplica()];
        Stripe.Deliver(_replicas);
        Bus = await TestBus.StartAsync(_virtualHost.Tests);
        await Bus.WaitForQueuesAsync(_replicas[0].Services);
    }

    /// <summary>One more process, at the time of the others; the caller ends it.</summary>
    internal Replica CreateReplica(string? work = null)
    {
        var replica = new Replica(_database!, _virtualHost!.Of("billing"), Stripe, _keys, work);
        var offset = _replicas.Length == 0 ? TimeSpan.Zero : OffsetOf(_replicas[0]);
        replica.Services.GetRequiredService<ShiftedTime>().MoveTo(offset);
        return replica;
    }

    /// <summary>A client that carries a token.</summary>
    internal HttpClient CreateClient(string? token = null, int replica = 0)
    {
        var client = _replicas[replica].CreateClient();
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Moves both replicas' clocks; answers when every sweeper has run once at the new time.</summary>
    internal async Task AdvanceAsync(TimeSpan step)
    {
        foreach (var replica in _replicas)
        {
            using var client = replica.CreateClient();
            client.Timeout = TimeSpan.FromMinutes(2);
            var offset = OffsetOf(replica) + step;
            using var response = await client.PostAsJsonAsync("/_clock", new MoveClockRequest(offset), Stop);
            response.EnsureSuccessStatusCode();
        }
        await Stripe.MoveToAsync(OffsetOf(_replicas[0]));
    }

    private static TimeSpan OffsetOf(Replica replica) => replica.Services.GetRequiredService<ShiftedTime>().Offset;

    /// <summary>Reads as the service would, in the customer's transaction.</summary>
    internal async Task<T> ReadAsync<T>(TenantId tenant, Func<BillingDbContext, CancellationToken, Task<T>> read)
    {
        await using var scope = _replicas[0].Services.CreateAsyncScope();
        await using var db = scope.ServiceProvider.GetRequiredService<WorkDb<BillingDbContext>>().CreateContext();
        return await db.InTenantAsync(tenant, read, Stop);
    }

    /// <summary>One value, by the superuser.</summary>
    internal async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(Superuser);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    /// <summary>Runs a statement as one of the service's roles; the error is the test's.</summary>
    internal static async Task<int> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (Bus is not null)
            await Bus.DisposeAsync();
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        await Stripe.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
        if (_virtualHost is not null)
            await _virtualHost.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        if (_servers is not null)
            await _servers.DisposeAsync();
    }
}
