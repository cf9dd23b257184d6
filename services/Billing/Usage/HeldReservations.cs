using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>Keeps what is said about a customer that has not registered yet, and answers it when it does. Under its lock.</summary>
internal static class HeldReservations
{
    /// <summary>Keeps a command. One whose final word is here already keeps it.</summary>
    public static Task HoldAsync(BillingDbContext db, ReserveUsage command, TimeProvider clock, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into held_reservation (usage_id, tenant_id, held_at, thread_id, replies, expires_at)
            values ({command.UsageId.Value}, {command.TenantId.Value}, {clock.GetUtcNow()}, {command.ThreadId.Value},
                {command.Replies}, {command.ExpiresAt})
            on conflict (usage_id) do update
                set thread_id = excluded.thread_id, replies = excluded.replies, expires_at = excluded.expires_at
                where held_reservation.tenant_id = excluded.tenant_id and held_reservation.thread_id is null
            """,
            cancellationToken
        );

    /// <summary>Keeps a final word; the first one stands.</summary>
    public static Task HoldFinalAsync(
        BillingDbContext db,
        TenantId tenant,
        UsageId usage,
        ReservationState final,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into held_reservation (usage_id, tenant_id, held_at, replies, final)
            values ({usage.Value}, {tenant.Value}, {clock.GetUtcNow()}, 1, {final.ToString()})
            on conflict (usage_id) do update set final = excluded.final
                where held_reservation.tenant_id = excluded.tenant_id and held_reservation.final is null
            """,
            cancellationToken
        );

    /// <summary>The customer is known now: what was said is done in the order in which it came.</summary>
    public static async Task AnswerAsync(
        BillingDbContext db,
        Subscription subscription,
        TimeProvider clock,
        UsageMetrics metrics,
        CancellationToken cancellationToken
    )
    {
        var held = await db
            .HeldReservations.AsNoTracking()
            .Where(row => row.TenantId == subscription.TenantId)
            .OrderBy(row => row.HeldAt)
            .ToListAsync(cancellationToken);
        foreach (var row in held)
            await AnswerAsync(db, subscription, row, clock, metrics, cancellationToken);
        await db.HeldReservations.Where(row => row.TenantId == subscription.TenantId).ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task AnswerAsync(
        BillingDbContext db,
        Subscription subscription,
        HeldReservation held,
        TimeProvider clock,
        UsageMetrics metrics,
        CancellationToken cancellationToken
    )
    {
        // Released first: the command is then answered as one that is over. Settled last: the command says how many.
        if (held.Final is ReservationState.Released)
            await FinalWords.ReleaseAsync(db, subscription, held.UsageId, clock, metrics, cancellationToken);
        if (held is { ThreadId: { } thread, ExpiresAt: { } expiresAt })
            await Reservations.AnswerAsync(db, CommandOf(held, thread, expiresAt), subscription, clock, cancellationToken);
        if (held.Final is ReservationState.Settled)
            await FinalWords.SettleAsync(db, subscription, held.UsageId, clock, metrics, cancellationToken);
    }

    private static ReserveUsage CommandOf(HeldReservation held, ThreadId thread, DateTimeOffset expiresAt) =>
        new()
        {
            TenantId = held.TenantId,
            UsageId = held.UsageId,
            ThreadId = thread,
            Replies = held.Replies,
            CostCeiling = 0,
            ExpiresAt = expiresAt,
        };
}
