using Npgsql;

namespace WpAsis.Setup.Databases;

/// <summary>Makes a service's database so that its own roles may connect and nobody else, then brings its schema up to date.</summary>
public static class PrepareDatabase
{
    // Any number will do as long as every Setup takes the same one.
    private const long Lock = 7_100_032;

    /// <summary>Idempotent; two at once wait for each other.</summary>
    /// <param name="superuser">Connection string of a superuser, any database.</param>
    /// <param name="database">The database and its roles.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task RunAsync(string superuser, ServiceDatabase database, CancellationToken stop)
    {
        await using var connection = await Sql.OpenAsync(superuser, database: null, stop);
        await connection.RunAsync($"SELECT pg_advisory_lock({Lock})", stop);
        await PrepareRoles.RunAsync(superuser, database, stop);
        if (await connection.ReadAsync("select 1 from pg_database where datname = $1", database.Name, stop) is null)
            await connection.RunAsync($"CREATE DATABASE {Sql.Name(database.Name)} OWNER {Owner(database)}", stop);
        await GrantAsync(connection, database, stop);

        await using (var inside = await Sql.OpenAsync(superuser, database.Name, stop))
            await inside.RunAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC", stop);
        await ServiceMigrations.ApplyAsync(database.Service, database.Owner, stop);
    }

    /// <summary>Copies a prepared database. Grants on a database do not travel with a copy, so they are made again.</summary>
    /// <param name="superuser">Connection string of a superuser, any database but the template.</param>
    /// <param name="template">Name of the database to copy; nobody may be connected to it.</param>
    /// <param name="database">The copy and its roles.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task CopyAsync(string superuser, string template, ServiceDatabase database, CancellationToken stop)
    {
        await using var connection = await Sql.OpenAsync(superuser, database: null, stop);
        var names = $"{Sql.Name(database.Name)} OWNER {Owner(database)} TEMPLATE {Sql.Name(template)}";
        await connection.RunAsync($"CREATE DATABASE {names}", stop);
        await GrantAsync(connection, database, stop);
    }

    /// <summary>The databases every cluster begins with are open to all roles; ours have no business there.</summary>
    public static async Task CloseClusterAsync(string superuser, CancellationToken stop)
    {
        await using var connection = await Sql.OpenAsync(superuser, database: null, stop);
        await connection.RunAsync("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC", stop);
    }

    private static async Task GrantAsync(NpgsqlConnection connection, ServiceDatabase database, CancellationToken stop)
    {
        var name = Sql.Name(database.Name);
        // PUBLIC may connect to a new database and make temporary tables in it, whose rows would reach the disk in clear.
        await connection.RunAsync($"REVOKE ALL ON DATABASE {name} FROM PUBLIC", stop);
        await connection.RunAsync($"ALTER DATABASE {name} OWNER TO {Owner(database)}", stop);
        var roles = string.Join(", ", new[] { database.App, database.Work, database.Log }.Select(role => Sql.Name(User(role))));
        await connection.RunAsync($"GRANT CONNECT ON DATABASE {name} TO {roles}", stop);
    }

    private static string Owner(ServiceDatabase database) => Sql.Name(User(database.Owner));

    private static string User(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username!;
}
