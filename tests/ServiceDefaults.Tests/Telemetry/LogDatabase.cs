using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests.Telemetry;

/// <summary>A database whose log a test looks into.</summary>
internal sealed class LogDatabase : IAsyncDisposable
{
    private readonly string _all;

    private LogDatabase(TestDatabase database, string superuser)
    {
        Database = database;
        _all = new NpgsqlConnectionStringBuilder(superuser) { Database = database.Name, Pooling = false }.ConnectionString;
    }

    public TestDatabase Database { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<LogDatabase> CreateAsync(SharedServers servers) =>
        new(await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop), servers.Superuser);

    public static async Task RunAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Stop);
#pragma warning disable CA2100 // Texts of the tests.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Stop);
    }

    public async Task<List<string>> ReadAsync(string where, string column = "message")
    {
        await using var connection = new NpgsqlConnection(_all);
        await connection.OpenAsync(Stop);
#pragma warning disable CA2100 // Texts of the tests.
        await using var command = new NpgsqlCommand(
            $"select {column} from log.system_log where {where} order by arrived_at, id",
            connection
        );
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<string>();
        while (await reader.ReadAsync(Stop))
            rows.Add(reader.GetString(0));
        return rows;
    }

    public Task WaitForAsync(string where) => Eventually.HoldsAsync(async () => (await ReadAsync(where)).Count > 0, where);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>Listens to one instrument of one host, by its one label.</summary>
internal sealed class CountedRecords : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public CountedRecords(IServiceProvider services, string instrument)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, meters))
                listener.EnableMeasurementEvents(published);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => _counts.AddOrUpdate((string)tags[0].Value!, value, (_, before) => before + value)
        );
        _listener.Start();
    }

    public long this[string label] => _counts.GetValueOrDefault(label);

    public void Dispose() => _listener.Dispose();
}
