using Npgsql;

namespace WpAsis.DataSubjectRequest.Tests.Data;

/// <summary>What the database itself refuses, whatever the code above it does.</summary>
public sealed class RolesTests(DataSubjectRequestApplication app)
{
    public static TheoryData<string> Roles => ["app", "work", "log"];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task No_role_of_it_sees_another_services_database(string role)
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(ConnectionOf(role)) { Database = app.Foreign.Name, Pooling = false };

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            DataSubjectRequestApplication.ScalarAsync(elsewhere.ConnectionString, "select 1")
        );

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task No_role_of_it_may_make_tables_or_step_over_row_level_security(string role)
    {
        var refused = await Should.ThrowAsync<PostgresException>(() =>
            DataSubjectRequestApplication.ScalarAsync(ConnectionOf(role), "create table mine (id int)")
        );
        var isStrong = await DataSubjectRequestApplication.ScalarAsync(
            ConnectionOf(role),
            "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = current_user"
        );

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        isStrong.ShouldBe(false);
    }

    [Theory]
    [InlineData("app", "select * from outbox")]
    [InlineData("app", "delete from inbox")]
    [InlineData("app", "select * from log.system_log")]
    [InlineData("work", "delete from log.system_log")]
    [InlineData("work", "delete from vault.subject_key")]
    [InlineData("log", "select * from log.system_log")]
    [InlineData("log", "select * from inbox")]
    [InlineData("log", "select * from vault.subject_key")]
    public async Task A_role_may_not(string role, string statement)
    {
        var refused = await Should.ThrowAsync<PostgresException>(() =>
            DataSubjectRequestApplication.ScalarAsync(ConnectionOf(role), statement)
        );

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Every_table_with_a_customer_in_it_is_isolated_but_the_route_to_it()
    {
        var open = await DataSubjectRequestApplication.ScalarAsync(
            app.Database.Owner,
            """
            select coalesce(string_agg(c.relname, ','), '') from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and c.relname <> 'request_route' and not (c.relrowsecurity and c.relforcerowsecurity)
            """
        );

        open.ShouldBe("");
    }

    private string ConnectionOf(string role) =>
        role switch
        {
            "app" => app.Database.App,
            "work" => app.Database.Work,
            _ => app.Database.Log,
        };
}
