using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>
/// Settled or released: the first word stands, also for a usage id that was never reserved here (its command is still under way, or a
/// backup was restored). It answers the command should it come.
/// </summary>
internal static class FinalWords
{
    // The command that said how many never came.
    private const int RepliesOfUnknown = 1;

    public static async Task SettleAsync(
        BillingDbContext db,
        Subscription subscription,
        UsageId usage,
        TimeProvider clock,
        UsageMetrics metrics,
        CancellationToken cancellationToken
    )
    {
        if (await Reservations.SettleAsync(db, usage, clock, cancellationToken))
            return;
        if (await StoreAsync(db, subscription, usage, ReservationState.Settled, clock, cancellationToken))
        {
            await CountUnknownAsync(db, subscription, usage, clock, cancellationToken);
            metrics.SettledUnreserved();
            return;
        }
        // Somebody reserved it between the two statements, or its final word has been said.
        if (!await Reservations.SettleAsync(db, usage, clock, cancellationToken))
            metrics.WordTooLate();
    }

    public static async Task ReleaseAsync(
        BillingDbContext db,
        Subscription subscription,
        UsageId usage,
        TimeProvider clock,
        UsageMetrics metrics,
        CancellationToken cancellationToken
    )
    {
        if (await Reservations.ReleaseAsync(db, usage, clock, cancellationToken))
            return;
        if (await StoreAsync(db, subscription, usage, ReservationState.Released, clock, cancellationToken))
            return;
        if (!await Reservations.ReleaseAsync(db, usage, clock, cancellationToken))
            metrics.WordTooLate();
    }

    private static async Task<bool> StoreAsync(
        BillingDbContext db,
        Subscription subscription,
        UsageId usage,
        ReservationState state,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        return await db.Database.ExecuteSqlAsync(
                $"""
                insert into reservation (usage_id, tenant_id, period, replies, state, expires_at, created_at, final_at)
                values ({usage.Value}, {subscription.TenantId.Value}, {subscription.Period}, {RepliesOfUnknown}, {state.ToString()},
                    {now}, {now}, {now})
                on conflict do nothing
                """,
                cancellationToken
            ) == 1;
    }

    // It was sent, so it counts; but the cap is a promise, and beyond it nothing is billed.
    private static async Task CountUnknownAsync(
        BillingDbContext db,
        Subscription subscription,
        UsageId usage,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var counts =
            await db.Database.ExecuteSqlAsync(
                $"""
                update usage_counter set used = used + {RepliesOfUnknown}
                where tenant_id = {subscription.TenantId.Value} and period = {subscription.Period}
                    and used + reserved + {RepliesOfUnknown} <= cap
                """,
                cancellationToken
            ) == 1;
        if (!counts)
        {
            await db.Database.ExecuteSqlAsync(
                $"update reservation set state = 'WrittenOff' where usage_id = {usage.Value}",
                cancellationToken
            );
        }
        db.Ledger.Add(
            new()
            {
                Id = TypedId.NewGuid(clock),
                TenantId = subscription.TenantId,
                At = clock.GetUtcNow(),
                Kind = counts ? Ledger.LedgerKind.Settled : Ledger.LedgerKind.WrittenOff,
                Period = subscription.Period,
                Replies = RepliesOfUnknown,
                UsageId = usage,
            }
        );
    }
}
