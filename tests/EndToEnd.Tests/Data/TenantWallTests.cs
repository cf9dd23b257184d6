using Npgsql;
using WpAsis.AppHost;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.EndToEnd.Tests.Intake;

namespace WpAsis.EndToEnd.Tests.Data;

/// <summary>The database itself keeps customers apart, with the rows of a system that has really run.</summary>
public sealed class TenantWallTests(RunningSystem system, TenantWallTests.Neighbour neighbour) : IClassFixture<TenantWallTests.Neighbour>
{
    // Without a policy, because a tenant is found by them: ids, times, keyed hashes and sealed bytes only.
    private static readonly string[] Open = ["_route", "inbox", "turn_clock"];

    public static TheoryData<string> Services =>
        [.. Topology.Services.Where(service => service.HasDatabase).Select(service => service.Name)];

    // Identity's tables are an account's, and an account is no tenant's.
    public static TheoryData<string> ServicesOfTenants =>
        [.. Topology.Services.Where(service => service is { HasDatabase: true, Name: not "identity" }).Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_role_that_names_one_customer_sees_no_row_of_another_and_without_a_name_none(string service)
    {
        var other = await neighbour.WithMessagesAsync(system);
        await using var all = system.OpenDatabase(service);
        var tables = await GuardedAsync(all);
        var strangers = new Dictionary<string, long>(StringComparer.Ordinal);

        foreach (var role in new[] { "app", "work" })
        {
            await using var database = system.OpenDatabase(service, role);
            foreach (var table in tables)
            {
                if (!await MayReadAsync(all, service, role, table))
                    continue;
                strangers[table] = (
                    await all.ReadAsync<long>($"select count(*) from {table} where tenant_id <> $1", other.Tenant)
                ).Single();
                (await SeenAsync(database, table, "", null)).ShouldBe(0, $"{role} sees {table} without naming a customer");
                (await SeenAsync(database, table, $"where tenant_id <> '{other.Tenant}'", other.Tenant)).ShouldBe(0, $"{role} {table}");
            }
        }

        if (service is "messaging-gateway" or "ai-responder" or "billing")
            strangers.Values.Sum().ShouldBeGreaterThan(0, "there was nobody else to be seen");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task No_role_reads_a_partition_by_its_name(string service)
    {
        await using var all = system.OpenDatabase(service);
        List<string> partitions = [];
        await RunningSystem.UntilAsync(
            "partitions",
            async () =>
                (
                    partitions = await all.ReadAsync<string>(
                        "select inhrelid::regclass::text from pg_inherits join pg_class on pg_class.oid = inhrelid where relkind = 'r'"
                    )
                ).Count > 0
        );

        foreach (var role in new[] { "app", "work", "log" })
        {
            await using var database = system.OpenDatabase(service, role);
            foreach (var partition in partitions)
                (await RefusalAsync(database, $"select 1 from {partition} limit 1")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Theory]
    [MemberData(nameof(ServicesOfTenants))]
    public async Task Requests_read_of_the_tables_without_a_policy_only_routes_the_inbox_and_the_clocks(string service)
    {
        await using var all = system.OpenDatabase(service);
        var unguarded = await all.ReadAsync<string>(TablesWithTenant + " and not relrowsecurity");

        foreach (var table in unguarded.Where(table => !Open.Any(end => table.EndsWith(end, StringComparison.Ordinal))))
            (await MayReadAsync(all, service, "app", table)).ShouldBeFalse($"requests may read {table}");
    }

    [Fact]
    public async Task No_role_reaches_another_services_database()
    {
        foreach (var (service, other) in Topology.Services.Where(service => service.HasDatabase).SelectMany(Others))
        {
            foreach (var role in new[] { "app", "work", "log" })
            {
                var connection = new NpgsqlConnectionStringBuilder(system.System.Environment.DatabaseConnection(service, role))
                {
                    Database = other.Database,
                    Pooling = false,
                };
                await using var database = NpgsqlDataSource.Create(connection);
                (await RefusalAsync(database, "select 1")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
            }
        }
    }

    private const string TablesWithTenant = """
        select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid
        where a.attname = 'tenant_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
        """;

    private static IEnumerable<(ServiceNode Service, ServiceNode Other)> Others(ServiceNode service) =>
        Topology.Services.Where(other => other.HasDatabase && other != service).Select(other => (service, other));

    private static async Task<List<string>> GuardedAsync(NpgsqlDataSource all)
    {
        (await all.ReadAsync<string>(TablesWithTenant + " and relrowsecurity and not relforcerowsecurity")).ShouldBeEmpty();
        return await all.ReadAsync<string>(TablesWithTenant + " and relrowsecurity");
    }

    private static async Task<bool> MayReadAsync(NpgsqlDataSource all, string service, string role, string table) =>
        (
            await all.ReadAsync<bool>("select has_any_column_privilege($1, $2, 'select')", Topology.Service(service).Role(role), table)
        ).Single();

    private static async Task<long> SeenAsync(NpgsqlDataSource database, string table, string which, Guid? tenant)
    {
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            (tenant is { } id ? $"select set_config('app.tenant', '{id}', true);" : "") + $"select count(tenant_id) from {table} {which}";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        if (tenant is not null)
            await reader.NextResultAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        return reader.GetInt64(0);
    }

    private static async Task<string?> RefusalAsync(NpgsqlDataSource database, string sql)
    {
        try
        {
            await database.RunAsync(sql);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }

    /// <summary>A second customer beside the demonstration; both have messages, answers and usage.</summary>
    public sealed class Neighbour
    {
        private Business? _business;

        public async Task<Business> WithMessagesAsync(RunningSystem system)
        {
            if (_business is not null)
                return _business;
            await system.Demo.PassMarkerAsync(Meta.NewContact());
            _business = await system.OpenBusinessAsync();
            await _business.PassMarkerAsync(Meta.NewContact());
            return _business;
        }
    }
}
