using Npgsql;

namespace WpAsis.Setup.Databases;

/// <summary>Makes the four roles of a service and keeps their attributes, settings and passwords as described.</summary>
public static class PrepareRoles
{
    private const string Attributes = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

    /// <summary>Runs on any database of the cluster; changes only what differs.</summary>
    public static async Task RunAsync(string superuser, ServiceDatabase database, CancellationToken stop)
    {
        await using var connection = await Sql.OpenAsync(superuser, database: null, stop);
        await RunAsync(connection, database.Owner, "lock_timeout = '10s'", stop);
        string[] serving = ["statement_timeout = '30s'", "lock_timeout = '10s'", "idle_in_transaction_session_timeout = '60s'"];
        await RunAsync(connection, database.App, serving, stop);
        await RunAsync(connection, database.Work, serving, stop);
        await RunAsync(connection, database.Log, serving, stop);
    }

    private static Task RunAsync(NpgsqlConnection connection, string role, string setting, CancellationToken stop) =>
        RunAsync(connection, role, [setting], stop);

    private static async Task RunAsync(NpgsqlConnection connection, string roleConnection, string[] settings, CancellationToken stop)
    {
        var login = new NpgsqlConnectionStringBuilder(roleConnection);
        if (login is not { Username: { Length: > 0 } user, Password: { Length: > 0 } password })
            throw new InvalidOperationException("A role's connection string names no user or no password.");

        var role = Sql.Name(user);
        if (await connection.ReadAsync("select 1 from pg_roles where rolname = $1", user, stop) is null)
            await connection.RunAsync($"CREATE ROLE {role}", stop);
        await connection.RunAsync($"ALTER ROLE {role} {Attributes}", stop);

        var stored = await connection.ReadAsync("select rolpassword from pg_authid where rolname = $1", user, stop) as string;
        if (!ScramSecret.Matches(stored, password))
            await connection.RunAsync($"ALTER ROLE {role} PASSWORD {Sql.Text(ScramSecret.Create(password))}", stop);
        foreach (var setting in settings)
            await connection.RunAsync($"ALTER ROLE {role} SET {setting}", stop);
    }
}
