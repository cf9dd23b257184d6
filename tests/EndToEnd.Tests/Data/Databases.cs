using Npgsql;
using WpAsis.AppHost;

namespace WpAsis.EndToEnd.Tests;

/// <summary>The databases of the running system, as their superuser or as one of a service's own roles.</summary>
internal static class Databases
{
    /// <summary>Sees every tenant: for looking and for making trouble.</summary>
    public static NpgsqlDataSource OpenDatabase(this RunningSystem system, string service) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(system.System.Servers.Superuser)
            {
                Database = Topology.Service(service).Database,
                MaxPoolSize = 4,
            }.ConnectionString
        );

    /// <summary>Sees what the service sees.</summary>
    public static NpgsqlDataSource OpenDatabase(this RunningSystem system, string service, string role) =>
        NpgsqlDataSource.Create(system.System.Environment.DatabaseConnection(Topology.Service(service), role));

    /// <summary>All rows of a statement, by one column.</summary>
    public static async Task<List<T>> ReadAsync<T>(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(await reader.GetFieldValueAsync<T>(0, TestContext.Current.CancellationToken));
        return rows;
    }

    /// <summary>Runs a statement.</summary>
    public static async Task RunAsync(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
