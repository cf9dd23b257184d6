using Npgsql;
using WpAsis.AppHost;
using WpAsis.Setup.Databases;

namespace WpAsis.TestServers;

/// <summary>Copies each service's migrated template, which the first process that needs it makes.</summary>
internal sealed class TestDatabases(ServersFile servers) : IDisposable
{
    private const long TemplateLock = 7_100_033;
    private readonly HashSet<string> _cleaned = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<TestDatabase> CreateAsync(string service, string project, CancellationToken stop)
    {
        var template = $"template_{service.Replace('-', '_')}_{ServiceMigrations.Version(service)}";
        await _gate.WaitAsync(stop);
        try
        {
            if (_cleaned.Add(project))
                await DropAbandonedAsync(project, stop);
            await PrepareTemplateAsync(service, template, stop);
        }
        finally
        {
            _gate.Release();
        }
        var database = Describe(service, Ownership.NewName(project));
        await PrepareDatabase.CopyAsync(servers.Postgres, template, database, stop);
        return new TestDatabase(database, this);
    }

    public void Dispose() => _gate.Dispose();

    private async Task PrepareTemplateAsync(string service, string template, CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        // A session's lock: it also ends with the session of a process that was killed half way, and the next one finishes the work.
        await RunAsync(connection, $"SELECT pg_advisory_lock({TemplateLock})", stop);
        await using (var finished = new NpgsqlCommand("select 1 from pg_database where datname = $1 and datistemplate", connection))
        {
            finished.Parameters.Add(new NpgsqlParameter { Value = template });
            if (await finished.ExecuteScalarAsync(stop) is not null)
                return;
        }
        await PrepareDatabase.RunAsync(servers.Postgres, Describe(service, template), stop);
        await RunAsync(connection, $"ALTER DATABASE \"{template}\" IS_TEMPLATE true", stop);
    }

    private ServiceDatabase Describe(string service, string database)
    {
        var node = Topology.Service(service);
        return new(service, Connect("owner"), Connect("app"), Connect("work"), Connect("log"));

        string Connect(string role) =>
            new NpgsqlConnectionStringBuilder(servers.Postgres)
            {
                Database = database,
                Username = node.Role(role),
                Password = servers.Password,
                // Many projects share the server; idle connections of finished classes are given back soon.
                MaxPoolSize = 20,
                ConnectionIdleLifetime = 15,
            }.ConnectionString;
    }

    private async Task DropAbandonedAsync(string project, CancellationToken stop)
    {
        var names = new List<string>();
        await using (var connection = await OpenAsync(stop))
        {
            await using var command = new NpgsqlCommand("select datname from pg_database", connection);
            await using var rows = await command.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
                names.Add(rows.GetString(0));
        }
        foreach (var name in Ownership.FindAbandoned(project, names))
            await DropAsync(name);
    }

    internal async Task DropAsync(string database)
    {
        await using var connection = await OpenAsync(CancellationToken.None);
        await RunAsync(connection, $"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", CancellationToken.None);
    }

    internal async Task AllowAsync(string database, bool allowed, CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        await RunAsync(connection, $"ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS {allowed}", stop);
        if (!allowed)
            await RunAsync(connection, $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'", stop);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(servers.Postgres) { Pooling = false, CommandTimeout = 300 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(stop);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>A service's database of its own, migrated and empty. Disposing drops it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TestDatabases _databases;

    internal TestDatabase(ServiceDatabase database, TestDatabases databases)
    {
        Name = database.Name;
        Owner = database.Owner;
        App = database.App;
        Work = database.Work;
        Log = database.Log;
        _databases = databases;
    }

    /// <summary>Name of the database.</summary>
    public string Name { get; }

    /// <summary>Connection string of the owner.</summary>
    public string Owner { get; }

    /// <summary>Connection string of the role of requests.</summary>
    public string App { get; }

    /// <summary>Connection string of the role of background work.</summary>
    public string Work { get; }

    /// <summary>Connection string of the role that writes the system log.</summary>
    public string Log { get; }

    /// <summary>Nobody gets in, and who is in is thrown out, as by a restart.</summary>
    public Task TakeAwayAsync() => _databases.AllowAsync(Name, allowed: false, CancellationToken.None);

    /// <summary>As it was.</summary>
    public Task BringBackAsync() => _databases.AllowAsync(Name, allowed: true, CancellationToken.None);

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _databases.DropAsync(Name);
}
