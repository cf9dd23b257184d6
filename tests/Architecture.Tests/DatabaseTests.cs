using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.AppHost;
using WpAsis.TestServers;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace WpAsis.Architecture.Tests;

/// <summary>Every service's database as its migrations make it, asked by the database itself.</summary>
public sealed class DatabaseTests(SharedServers servers)
{
    // Ids, times, keyed hashes and sealed bytes, or how a tenant is found before it is known.
    private static readonly string[] Technical =
    [
        "identity:account_route",
        "identity:membership_route",
        "identity:notice",
        "identity:session",
        "messaging-gateway:channel_route",
        "messaging-gateway:tenant_route",
        "messaging-gateway:send_route",
        "messaging-gateway:quarantine",
        "ai-responder:tenant_route",
        "ai-responder:turn_clock",
        "ai-responder:usage",
        "ai-responder:quarantine",
        "billing:tenant_route",
        "billing:number_trial",
        "billing:held_reservation",
        "billing:stripe_route",
        "data-subject-request:request_route",
    ];

    public static TheoryData<string> Names => [.. Topology.Services.Where(service => service.HasDatabase).Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_table_that_names_a_tenant_is_under_forced_row_level_security_or_technical(string service)
    {
        var open = await AskAsync(
            service,
            """
            select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'vault') and c.relkind in ('r', 'p') and not c.relispartition
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
                and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
            """
        );
        open.Select(table => $"{service}:{table}").Except(Technical, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_is_granted_on_a_partition_and_nothing_to_everybody(string service)
    {
        var granted = await AskAsync(
            service,
            """
            select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) acl
            where n.nspname in ('public', 'vault', 'log') and acl.grantee <> c.relowner and (c.relispartition or acl.grantee = 0)
            """
        );
        granted.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_role_of_a_service_is_above_the_rules(string service)
    {
        var prefix = service.Replace('-', '_');
        var roles = await AskAsync(
            service,
            $"""
            select rolname from pg_roles
            where rolname like '{prefix}\_%' and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole)
            """
        );
        roles.ShouldBe(Topology.Roles.Select(role => $"{prefix}_{role}"), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_database_holds_no_table_that_the_model_does_not_know(string service)
    {
        await using var database = await servers.CreateDatabaseAsync(service, "Architecture.Tests", TestContext.Current.CancellationToken);
        await using var context = Contexts.Open(service, database.Owner);
        var known = context.Model.GetEntityTypes().Select(entity => $"{entity.GetSchema() ?? "public"}.{entity.GetTableName()}");

        var tables = await ReadAsync(
            database.Owner,
            """
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p') and not c.relispartition
                and c.relname <> '__EFMigrationsHistory'
            """,
            TestContext.Current.CancellationToken
        );

        tables.Except(known, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_migrations_are_up_to_date_with_the_model(string service)
    {
        using var context = Contexts.Open(service, "Host=localhost;Database=model");

        context.Database.HasPendingModelChanges().ShouldBeFalse();
    }

    private async Task<List<string>> AskAsync(string service, string sql)
    {
        await using var database = await servers.CreateDatabaseAsync(service, "Architecture.Tests", TestContext.Current.CancellationToken);
        return await ReadAsync(database.Owner, sql, TestContext.Current.CancellationToken);
    }

    private static async Task<List<string>> ReadAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
#pragma warning disable CA2100 // The texts are this file's own.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }
}
