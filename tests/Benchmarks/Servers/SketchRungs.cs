using Npgsql;
using WpAsis.Benchmarks.Rungs;

namespace WpAsis.Benchmarks.Servers;

/// <summary>The rungs that are sketches: this program once more, each with an empty database of its own.</summary>
internal static class SketchRungs
{
    public static async Task<RungStart> PrepareAsync(string name, byte[] secret, LadderServers servers, CancellationToken stop)
    {
        var database = $"ladder_{name}";
        await using (var connection = new NpgsqlConnection(servers.Superuser))
        {
            await connection.OpenAsync(stop);
            foreach (var sql in (string[])[$"drop database if exists {database} with (force)", $"create database {database}"])
            {
#pragma warning disable CA2100 // Names of the ladder.
                await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
                await command.ExecuteNonQueryAsync(stop);
            }
        }
        var inside = new NpgsqlConnectionStringBuilder(servers.Superuser) { Database = database }.ConnectionString;
        var url = RunningRung.FreeUrl();
        return new RungStart(name, url, typeof(SketchRungs).Assembly.Location, [Rung.Verb, name, url.ToString()], database)
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [Rung.DatabaseVariable] = inside,
                [Rung.SecretVariable] = Convert.ToHexString(secret),
            },
            Rows = "select count(*) from message",
        };
    }
}
