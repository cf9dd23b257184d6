using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;

namespace WpAsis.Privacy.Tests.Vault;

/// <summary>A vault on a real PostgreSQL: a database of its own and a role with the grants and policies of a service.</summary>
public sealed class VaultDatabase : IAsyncLifetime
{
    private const string Variable = "WPASIS_TEST_POSTGRES";
    private readonly string name = $"privacy_tests_{TypedId.RandomGuid():N}";
    private string? admin;
    private string app = "";

    public async ValueTask InitializeAsync()
    {
        admin = Environment.GetEnvironmentVariable(Variable);
        if (admin is null)
            return;
        await RunAsync(admin, $"create database {name}", $"create role {name} login password '{name}' nobypassrls");
        var owner = new NpgsqlConnectionStringBuilder(admin) { Database = name }.ConnectionString;
        app = new NpgsqlConnectionStringBuilder(owner) { Username = name, Password = name }.ConnectionString;
        await using var db = new PeopleContext(owner);
        await db.Database.EnsureCreatedAsync();
        await RunAsync(owner, Grants(name));
    }

    internal PeopleContext Open()
    {
        Assert.SkipWhen(admin is null, $"{Variable} names no PostgreSQL");
        return new PeopleContext(app);
    }

    public async ValueTask DisposeAsync()
    {
        if (admin is null)
            return;
        NpgsqlConnection.ClearAllPools();
        await RunAsync(admin, $"drop database {name} with (force)", $"drop role {name}");
    }

    private static async Task RunAsync(string connectionString, params string[] statements)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    // The same as every service's first migration gives to its request role.
    private static string Grants(string role) =>
        $"""
            grant usage on schema public, vault to {role};
            grant select, insert on person to {role};
            grant select, insert on vault.subject_key, vault.tenant_key, vault.alias, vault.tombstone, vault.alias_tombstone to {role};
            grant update (state, wrapped, kek_epoch, erased_at) on vault.subject_key to {role};
            grant update (state, wrapped, kek_epoch) on vault.tenant_key to {role};
            grant delete on vault.alias, vault.alias_tombstone to {role};
            {Isolate("subject_key", optional: true)}{Isolate("tombstone", optional: true)}
            {Isolate("tenant_key")}{Isolate("alias")}{Isolate("alias_tombstone")}
            """;

    private static string Isolate(string table, bool optional = false)
    {
        var condition = (optional ? "tenant_id is null or " : "") + "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid";
        return $"""
            alter table vault.{table} enable row level security;
            alter table vault.{table} force row level security;
            create policy tenant on vault.{table} using ({condition}) with check ({condition});
            """;
    }
}

internal sealed class Person
{
    public required Guid Id { get; init; }

    public required DataSubjectId Subject { get; init; }

    public required SealedText Name { get; init; }
}

internal sealed class PeopleContext(string connectionString) : DbContext
{
    public static SealedColumn NameColumn => new("people", "person", "name");

    protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(connectionString);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.MapVault();
        var person = modelBuilder.Entity<Person>().ToTable("person");
        person.Property(row => row.Id).HasColumnName("id");
        person.Property(row => row.Subject).HasColumnName("subject").HasConversion(new TypedIdColumn<DataSubjectId>());
        person.Property(row => row.Name).HasColumnName("name").HasConversion(new SealedTextColumn());
    }

    /// <summary>One transaction of one customer, as services do it.</summary>
    public async Task InTenantAsync(TenantId? tenant, Func<Task> work)
    {
        await using var transaction = await Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        if (tenant is { } named)
            await Database.ExecuteSqlAsync($"select set_config('app.tenant', {named.Value.ToString()}, true)");
        await work();
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }
}
