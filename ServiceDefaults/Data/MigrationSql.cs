using Microsoft.EntityFrameworkCore.Migrations;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>
/// What EF can't say in a migration: roles, row-level security, day partitions. Nothing is granted on partitions
/// (one granted by name is read without its parent's policy) and no default privileges are used.
/// </summary>
public static class MigrationSql
{
    /// <summary>
    /// Grants and functions of everything that <see cref="ServiceDbContext"/> maps. Called once, at the end of a service's first migration.
    /// </summary>
    /// <param name="migration">The migration.</param>
    /// <param name="roles">The service's roles.</param>
    /// <param name="partitions">The service's own day-partitioned tables; <c>log.system_log</c> is added.</param>
    public static void InstallFoundation(
        this MigrationBuilder migration,
        ServiceRoles roles,
        params ReadOnlySpan<DayPartitionedTable> partitions
    )
    {
        migration.Sql(
            $"""
            grant usage on schema public, vault to {roles.App}, {roles.Work};
            grant usage on schema log to {roles.Log}, {roles.Work};
            grant insert, select (id) on outbox to {roles.App};
            grant select, insert, update, delete on outbox to {roles.Work};
            grant select, insert on inbox to {roles.App};
            grant select, insert, delete on inbox to {roles.Work};

            grant select, insert on vault.subject_key, vault.tenant_key, vault.alias, vault.tombstone, vault.alias_tombstone
                to {roles.App}, {roles.Work};
            grant update (state, wrapped, kek_epoch, erased_at) on vault.subject_key to {roles.App}, {roles.Work};
            grant update (state, wrapped, kek_epoch) on vault.tenant_key to {roles.App}, {roles.Work};
            grant delete on vault.alias, vault.alias_tombstone to {roles.App}, {roles.Work};

            create function notify_outbox() returns trigger language plpgsql as $$
            begin
                perform pg_notify('outbox', '');
                return null;
            end $$;
            create trigger outbox_written after insert on outbox for each statement execute function notify_outbox();
            """
        );
        foreach (var table in (string[])["subject_key", "tenant_key", "alias", "tombstone", "alias_tombstone"])
            migration.IsolateTenants("vault." + table, tenantIsOptional: table is "subject_key" or "tombstone");

        migration.PartitionByDay(DayPartitionedTable.SystemLog.Name);
        migration.Sql($"grant insert on log.system_log to {roles.Log}; grant select on log.system_log to {roles.Work};");
        migration.InstallDayFunctions(roles, [.. partitions, DayPartitionedTable.SystemLog]);
    }

    /// <summary>
    /// Row-level security, forced on the owner too. Without <c>nullif</c> a pooled session that once named a tenant
    /// raises an error instead of finding nothing.
    /// </summary>
    /// <param name="migration">The migration.</param>
    /// <param name="table">A table with a <c>tenant_id</c>.</param>
    /// <param name="tenantIsOptional">Rows without a tenant (an account's own) are visible to every session of the service.</param>
    public static void IsolateTenants(this MigrationBuilder migration, string table, bool tenantIsOptional = false)
    {
        const string Current = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid";
        var condition = tenantIsOptional ? $"tenant_id is null or {Current}" : Current;
        migration.Sql(
            $"""
            alter table {table} enable row level security;
            alter table {table} force row level security;
            create policy tenant on {table} using ({condition}) with check ({condition});
            """
        );
    }

    /// <summary>
    /// Turns a table that EF has just made into one partitioned by day; its key must hold the partition column.
    /// Call it before grants and policies.
    /// </summary>
    public static void PartitionByDay(this MigrationBuilder migration, string table, string column = "arrived_at")
    {
        var plain = table[(table.IndexOf('.', StringComparison.Ordinal) + 1)..] + "_plain";
        var schema = table.Contains('.', StringComparison.Ordinal) ? table[..table.IndexOf('.', StringComparison.Ordinal)] + "." : "";
        migration.Sql(
            $"""
            alter table {table} rename to {plain};
            create table {table} (like {schema}{plain} including all) partition by range ({column});
            drop table {schema}{plain};
            """
        );
    }

    private static void InstallDayFunctions(this MigrationBuilder migration, ServiceRoles roles, DayPartitionedTable[] tables)
    {
        var retentions = string.Join(
            "\n",
            tables.Select(table => $"        when '{table.Name}' then interval '{(int)table.Retention.TotalDays} days'")
        );
        migration.Sql(
            $"""
            create function day_retention(p_table text) returns interval language plpgsql immutable as $$
            begin
                return case p_table
            {retentions}
                end;
            end $$;

            create function add_day(p_table text, p_day date) returns void
            language plpgsql security definer set search_path = public, pg_temp as $$
            begin
                if public.day_retention(p_table) is null then
                    raise exception 'not a day-partitioned table';
                end if;
                if to_regclass(p_table || '_' || to_char(p_day, 'YYYYMMDD')) is not null then
                    return;
                end if;
                perform pg_advisory_xact_lock(hashtext('day:' || p_table));
                execute 'create table if not exists ' || p_table || '_' || to_char(p_day, 'YYYYMMDD') || ' partition of ' || p_table
                    || format(' for values from (%L) to (%L)',
                        p_day::timestamp at time zone 'UTC', (p_day + 1)::timestamp at time zone 'UTC');
            end $$;

            create function drop_day(p_table text, p_day date) returns void
            language plpgsql security definer set search_path = public, pg_temp as $$
            declare
                -- The caller names its time (app.now): no SQL of ours reads the server's clock.
                v_now timestamptz := nullif(current_setting('app.now', true), '')::timestamptz;
            begin
                if v_now is null or ((p_day + 1)::timestamp at time zone 'UTC') + public.day_retention(p_table) > v_now
                    or public.day_retention(p_table) is null then
                    raise exception 'retention has not passed';
                end if;
                perform pg_advisory_xact_lock(hashtext('day:' || p_table));
                execute 'drop table if exists ' || p_table || '_' || to_char(p_day, 'YYYYMMDD');
            end $$;

            revoke execute on function add_day(text, date), drop_day(text, date) from public;
            grant execute on function add_day(text, date), drop_day(text, date) to {roles.Work};
            """
        );
    }
}
