using Npgsql;

namespace WpAsis.Setup.Databases;

/// <summary>The few statements that take names instead of values, where parameters do not exist.</summary>
internal static class Sql
{
    public static string Name(string identifier) => '"' + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    public static string Text(string literal) => '\'' + literal.Replace("'", "''", StringComparison.Ordinal) + '\'';

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, string? database, CancellationToken stop)
    {
        // Without a pool: an idle connection would keep the database from being copied or dropped.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 300 };
        settings.Database = database ?? settings.Database;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task RunAsync(this NpgsqlConnection connection, string statement, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    public static async Task<object?> ReadAsync(this NpgsqlConnection connection, string query, string argument, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = argument });
        var value = await command.ExecuteScalarAsync(stop);
        return value is DBNull ? null : value;
    }
}
