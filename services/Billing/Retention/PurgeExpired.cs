using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Retention;

/// <summary>
/// Forgets reservations and counters 40 days after their period, numbers 8 days after they left, payment pages
/// after 90 days, the ledger and the cost meter after
/// three years. The database itself refuses to forget the ledger earlier.
/// </summary>
internal sealed class PurgeExpired(WorkDb<BillingDbContext> work, TimeProvider clock, ILogger<PurgeExpired> logger)
    : TenantSweeper(TenantTask.Purge, work, clock, logger)
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan BetweenVisits = TimeSpan.FromHours(6);
    private readonly WorkDb<BillingDbContext> _work = work;
    private readonly TimeProvider _clock = clock;

    public override bool Purges => true;

    public override async Task MakeDueAsync(CancellationToken cancellationToken)
    {
        await using var db = _work.CreateContext();
        var now = _clock.GetUtcNow();
        await db
            .TenantRoutes.Where(route => route.Task == TenantTask.Purge && route.DueAt > now)
            .ExecuteUpdateAsync(route => route.SetProperty(row => row.DueAt, now), cancellationToken);
    }

    protected override async Task<DateTimeOffset?> VisitAsync(
        BillingDbContext db,
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await db.Database.ExecuteSqlAsync(
            $"select set_config('app.now', {now.ToString("O", CultureInfo.InvariantCulture)}, true)",
            cancellationToken
        );
        var most = await ForgetReservationsAsync(db, tenant.Value, now, cancellationToken);
        foreach (var delete in Deletes(tenant.Value, now))
            most = Math.Max(most, await PurgeAsync(db, delete, cancellationToken));
        return most == BatchSize ? now : now + BetweenVisits;
    }

    // What is forgotten leaves its counter in the same statement: a counter is the sum of its reservations at any moment.
    private async Task<int> ForgetReservationsAsync(
        BillingDbContext db,
        Guid tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var counts = await db
            .Database.SqlQuery<int>(
                $"""
                with gone as (
                    delete from reservation where usage_id = any(array(
                        select r.usage_id from reservation r
                        join usage_counter c on c.tenant_id = r.tenant_id and c.period = r.period
                        where r.tenant_id = {tenant} and c.period_end <= {now - RetentionTable.Reservations} and r.state <> 'Reserved'
                        limit {BatchSize}))
                    returning period, replies, state
                ), settled as (
                    select period, sum(replies)::int as replies from gone where state = 'Settled' group by period
                ), lowered as (
                    update usage_counter c set used = c.used - s.replies
                    from settled s where c.tenant_id = {tenant} and c.period = s.period
                )
                select count(*)::int as "Value" from gone
                """
            )
            .ToListAsync(cancellationToken);
        return Purged("reservation", counts[0]);
    }

    // Only counters that are empty and past: a reservation never outlives its counter.
    private static IEnumerable<FormattableString> Deletes(Guid tenant, DateTimeOffset now)
    {
        var periods = now - RetentionTable.Reservations;
        var ledger = now - RetentionTable.Ledger;
        var days = DateOnly.FromDateTime(ledger.UtcDateTime);
        yield return $"""
            delete from usage_counter c where c.tenant_id = {tenant} and c.period_end <= {periods}
                and not exists (select from reservation r where r.tenant_id = c.tenant_id and r.period = c.period)
                and c.period <> (select period from subscription where tenant_id = {tenant})
            """;
        yield return $"""
            delete from connected_number
            where tenant_id = {tenant} and not is_connected and at <= {now - RetentionTable.DedupeKeys}
            """;
        yield return $"""
            delete from ledger where id = any(array(select id from ledger where tenant_id = {tenant} and at <= {ledger} limit {BatchSize}))
            """;
        yield return $"""
            delete from checkout
            where tenant_id = {tenant} and state <> 'Open' and created_at <= {now - RetentionTable.StripeInbox}
            """;
        yield return $"""delete from whatsapp_cost where tenant_id = {tenant} and day < {days}""";
    }
}
