using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tenants;

/// <summary>What is done to one customer in an open transaction of the work role, before and beside its tables.</summary>
internal static class TenantLock
{
    /// <summary>
    /// One at a time between "nobody knows this customer yet" and "this customer has registered"; without it a command could be kept just
    /// after the kept ones were answered.
    /// </summary>
    public static Task LockTenantAsync(this BillingDbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({tenant.ToString()}, 0))", cancellationToken);

    /// <summary>When a sweeper visits next; null for never.</summary>
    public static Task ScheduleAsync(
        this BillingDbContext db,
        TenantId tenant,
        TenantTask task,
        DateTimeOffset? dueAt,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into tenant_route (tenant_id, task, due_at) values ({tenant.Value}, {task.ToString()}, {dueAt})
            on conflict (tenant_id, task) do update set due_at = excluded.due_at
            """,
            cancellationToken
        );
}
