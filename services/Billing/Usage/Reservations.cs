using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Usage;

/// <summary>
/// The statements that move a reservation. Each runs in its customer's transaction; rows are taken in the order subscription, reservation,
/// counter, so that no two transactions wait for each other.
/// </summary>
internal static class Reservations
{
    /// <summary>Reserves, or finds out why not, and answers. A usage id that is known gets the answer that stands.</summary>
    public static async Task AnswerAsync(
        BillingDbContext db,
        ReserveUsage command,
        Subscription subscription,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if (subscription.IsBehind(now))
            subscription = await db.RenewAsync(now, clock, cancellationToken);

        var reason = subscription.RefusalAt(now);
        if (!await InsertAsync(db, command, subscription.Period, reason, now, cancellationToken))
        {
            await RepeatAsync(db, command, clock, cancellationToken);
            return;
        }
        if (reason is null && !await TakeRoomAsync(db, command, subscription.Period, cancellationToken))
        {
            reason = DenialReason.QuotaExhausted;
            await DenyAsync(db, command.UsageId, reason.Value, cancellationToken);
        }
        Answer(db, command, isReserved: reason is null, reason, command.ExpiresAt, clock);
        if (reason is { } denied)
            await Notices.SendOncePerDayAsync(db, subscription, denied, clock, cancellationToken);
    }

    /// <summary>The final word about an open reservation. False where none is open.</summary>
    public static async Task<bool> SettleAsync(
        BillingDbContext db,
        UsageId usage,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            with final as (
                update reservation set state = 'Settled', final_at = {clock.GetUtcNow()}
                where usage_id = {usage.Value} and state = 'Reserved'
                returning tenant_id, period, replies
            ), moved as (
                update usage_counter c set reserved = c.reserved - f.replies, used = c.used + f.replies
                from final f where c.tenant_id = f.tenant_id and c.period = f.period
            )
            insert into ledger (id, tenant_id, at, kind, period, replies, usage_id)
            select {TypedId.NewGuid(clock)}, tenant_id, {clock.GetUtcNow()}, 'Settled', period, replies, {usage.Value} from final
            """,
            cancellationToken
        ) == 1;

    /// <inheritdoc cref="SettleAsync" />
    public static async Task<bool> ReleaseAsync(
        BillingDbContext db,
        UsageId usage,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            with final as (
                update reservation set state = 'Released', final_at = {clock.GetUtcNow()}
                where usage_id = {usage.Value} and state = 'Reserved'
                returning tenant_id, period, replies
            )
            update usage_counter c set reserved = c.reserved - f.replies
            from final f where c.tenant_id = f.tenant_id and c.period = f.period
            """,
            cancellationToken
        ) == 1;

    private static async Task<bool> InsertAsync(
        BillingDbContext db,
        ReserveUsage command,
        int period,
        DenialReason? reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var state = reason is null ? ReservationState.Reserved : ReservationState.Denied;
        return await db.Database.ExecuteSqlAsync(
                $"""
                insert into reservation (usage_id, tenant_id, period, replies, state, reason, expires_at, created_at)
                values ({command.UsageId.Value}, {command.TenantId.Value}, {period}, {command.Replies}, {state.ToString()},
                    {reason?.ToString()}, {command.ExpiresAt}, {now})
                on conflict do nothing
                """,
                cancellationToken
            ) == 1;
    }

    // The hard stop: two that want the last reply meet on this row, and the second finds the condition false.
    private static async Task<bool> TakeRoomAsync(
        BillingDbContext db,
        ReserveUsage command,
        int period,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            update usage_counter set reserved = reserved + {command.Replies}
            where tenant_id = {command.TenantId.Value} and period = {period} and used + reserved + {command.Replies} <= cap
            """,
            cancellationToken
        ) == 1;

    private static async Task DenyAsync(BillingDbContext db, UsageId usage, DenialReason reason, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"update reservation set state = 'Denied', reason = {reason.ToString()} where usage_id = {usage.Value}",
            cancellationToken
        );

    private static async Task RepeatAsync(
        BillingDbContext db,
        ReserveUsage command,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var stored =
            await db.Reservations.AsNoTracking().SingleOrDefaultAsync(row => row.UsageId == command.UsageId, cancellationToken)
            ?? throw new InvalidOperationException("A usage id of another customer was used again.");
        // What was released is over and never granted anew: its room is somebody else's by now.
        var stands = stored.State is ReservationState.Reserved or ReservationState.Settled;
        Answer(db, command, stands, stored.Reason, stored.ExpiresAt, clock);
    }

    private static void Answer(
        BillingDbContext db,
        ReserveUsage command,
        bool isReserved,
        DenialReason? reason,
        DateTimeOffset expiresAt,
        TimeProvider clock
    )
    {
        if (isReserved)
        {
            db.Publish(
                new UsageReserved
                {
                    TenantId = command.TenantId,
                    UsageId = command.UsageId,
                    ThreadId = command.ThreadId,
                    ExpiresAt = expiresAt,
                },
                clock
            );
            return;
        }
        db.Publish(
            new UsageDenied
            {
                TenantId = command.TenantId,
                UsageId = command.UsageId,
                ThreadId = command.ThreadId,
                ExpiresAt = expiresAt,
                Reason = reason,
            },
            clock
        );
    }
}
