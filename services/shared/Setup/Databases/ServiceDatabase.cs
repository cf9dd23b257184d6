using Npgsql;

namespace WpAsis.Setup.Databases;

/// <summary>A database of a service as its four roles see it. Names, users and passwords are read from the connection strings.</summary>
/// <param name="Service">Resource name, for example <c>billing</c>.</param>
/// <param name="Owner">Connection string of the owner: migrations.</param>
/// <param name="App">Connection string of the role of requests.</param>
/// <param name="Work">Connection string of the role of background work.</param>
/// <param name="Log">Connection string of the role that inserts into the system log.</param>
public sealed record ServiceDatabase(string Service, string Owner, string App, string Work, string Log)
{
    /// <summary>Name of the database.</summary>
    public string Name =>
        new NpgsqlConnectionStringBuilder(Owner).Database
        ?? throw new InvalidOperationException($"The owner's connection string of {Service} names no database.");

    /// <summary>The same roles on another database.</summary>
    public ServiceDatabase Renamed(string database) =>
        new(Service, Renamed(Owner, database), Renamed(App, database), Renamed(Work, database), Renamed(Log, database));

    private static string Renamed(string connectionString, string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    // Never with the passwords that a record would print.
    /// <inheritdoc />
    public override string ToString() => Service;
}
