using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.Billing.Data;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Tests.Data;

/// <summary>What the database itself refuses, whatever the code above it does.</summary>
public sealed class RolesTests(BillingApplication app)
{
    [Fact]
    public async Task Every_table_with_a_customer_in_it_is_isolated_or_on_the_list_of_routes()
    {
        var open = await app.ScalarAsync<string>(
            """
            select coalesce(string_agg(c.relname, ',' order by c.relname), '') from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
            """
        );

        open.ShouldBe("held_reservation,number_trial,stripe_route,tenant_route");
    }

    [Theory]
    [InlineData("subscription")]
    [InlineData("usage_counter")]
    [InlineData("reservation")]
    [InlineData("ledger")]
    public async Task Without_a_customer_nothing_is_found_and_with_one_only_its_own(string table)
    {
        await (await Customer.RegisterAsync(app)).AcceptAsync(await (await Customer.RegisterAsync(app)).ReservedAsync());
        var customer = await Customer.RegisterAsync(app);
        await customer.AcceptAsync(await customer.ReservedAsync());
        await customer.UntilCountsAsync(used: 1, reserved: 0);

        await using var source = NpgsqlDataSource.Create(app.Database.Work);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var count = new NpgsqlCommand($"select count(*), count(distinct tenant_id) from {table}", connection);
        (await ReadAsync(count)).ShouldBe((0L, 0L));
        await connection.SetTenantAsync(customer.Id, TestContext.Current.CancellationToken);
        var (rows, tenants) = await ReadAsync(count);

        rows.ShouldBeGreaterThan(0);
        tenants.ShouldBe(1);
    }

    [Theory]
    [InlineData("update ledger set replies = 0")]
    [InlineData("delete from ledger")]
    [InlineData("select * from ledger")]
    [InlineData("delete from reservation")]
    [InlineData("update usage_counter set cap = 1000000")]
    [InlineData("update subscription set plan = 'pro'")]
    [InlineData("select * from tenant_route")]
    [InlineData("select * from number_trial")]
    [InlineData("insert into number_trial values ('x', gen_random_uuid(), '2027-01-01')")]
    [InlineData("update checkout set state = 'Completed'")]
    [InlineData("insert into stripe_route values ('cus_1', gen_random_uuid())")]
    [InlineData("select * from stripe_event")]
    [InlineData("create table mine (id int)")]
    public async Task Requests_may_not(string statement)
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => BillingApplication.ExecuteAsync(app.Database.App, statement));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Nobody_changes_a_line_of_the_ledger_or_takes_one_out_before_its_time()
    {
        var customer = await Customer.OnProAsync(app);
        var count = "select count(*) from ledger";
        var lines = await app.ReadAsync(customer.Id, (db, token) => db.Ledger.CountAsync(token));

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            BillingApplication.ExecuteAsync(app.Database.Work, "update ledger set replies = 0")
        );
        await app.ReadAsync(customer.Id, (db, token) => db.Database.ExecuteSqlAsync($"delete from ledger", token));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        lines.ShouldBe(2);
        (await app.ScalarAsync<long>(count + " where tenant_id = $1", customer.Id.Value)).ShouldBe(2);
    }

    [Fact]
    public async Task The_counter_itself_refuses_more_than_its_cap()
    {
        var customer = await Customer.RegisterAsync(app);

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            app.ReadAsync(
                customer.Id,
                (BillingDbContext db, CancellationToken token) =>
                    db.Database.ExecuteSqlAsync($"update usage_counter set reserved = cap, used = 1", token)
            )
        );

        refused.ConstraintName.ShouldBe("within_cap");
    }

    private static async Task<(long Rows, long Tenants)> ReadAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
