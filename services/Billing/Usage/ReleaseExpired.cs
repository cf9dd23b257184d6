using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Usage;

/// <summary>Gives back, a day after it expired, what nobody has settled or released: a lost word costs no reply for ever.</summary>
internal sealed class ReleaseExpired(
    WorkDb<BillingDbContext> work,
    UsageMetrics metrics,
    TimeProvider clock,
    ILogger<ReleaseExpired> logger
) : TenantSweeper(TenantTask.Release, work, clock, logger)
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan AfterExpiry = TimeSpan.FromHours(24);
    private static readonly TimeSpan BetweenVisits = TimeSpan.FromMinutes(15);

    protected override async Task<DateTimeOffset?> VisitAsync(
        BillingDbContext db,
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var released = await ReleaseAsync(db, tenant, now, cancellationToken);
        metrics.Expired(released);
        return released == BatchSize ? now : now + BetweenVisits;
    }

    private static async Task<int> ReleaseAsync(
        BillingDbContext db,
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var counts = await db
            .Database.SqlQuery<int>(
                $"""
                with due as (
                    select usage_id from reservation
                    where tenant_id = {tenant.Value} and state = 'Reserved' and expires_at <= {now - AfterExpiry}
                    order by expires_at limit {BatchSize} for update skip locked
                ), final as (
                    update reservation r set state = 'Released', final_at = {now}
                    from due where r.usage_id = due.usage_id returning r.period, r.replies
                ), freed as (
                    select period, sum(replies)::int as replies from final group by period
                ), moved as (
                    update usage_counter c set reserved = c.reserved - f.replies
                    from freed f where c.tenant_id = {tenant.Value} and c.period = f.period
                )
                select count(*)::int as "Value" from final
                """
            )
            .ToListAsync(cancellationToken);
        return counts[0];
    }
}
