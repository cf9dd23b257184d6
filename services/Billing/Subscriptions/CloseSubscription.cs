using MassTransit;
using WpAsis.Billing.Data;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Tenants;
using WpAsis.Billing.Usage;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Subscriptions;

/// <summary>A customer left: nothing more is reserved for it. Told before its registration, it is remembered as closed.</summary>
internal sealed class CloseSubscriptionConsumer(WorkDb<BillingDbContext> work, UsageMetrics metrics, TimeProvider clock)
    : IConsumer<TenantClosed>
{
    public async Task Consume(ConsumeContext<TenantClosed> context)
    {
        var tenant = context.Message.TenantId;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(db, tenant, clock, (inner, token) => CloseAsync(inner, tenant, token));
    }

    private async Task CloseAsync(BillingDbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        await db.LockTenantAsync(tenant, cancellationToken);
        var now = clock.GetUtcNow();
        var subscription = await db.HoldSubscriptionAsync(cancellationToken);
        if (subscription?.State is SubscriptionState.Closed)
            return;

        var isUnknown = subscription is null;
        subscription ??= Subscription.OnTrial(tenant, now);
        subscription.State = SubscriptionState.Closed;
        if (isUnknown)
        {
            db.Subscriptions.Add(subscription);
            db.OpenPeriod(subscription, LedgerKind.Closed, clock);
        }
        else
        {
            db.Ledger.Add(LedgerEntry.Of(subscription, LedgerKind.Closed, reason: null, clock));
        }
        db.Announce(subscription, clock);
        await db.SaveChangesAsync(cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.RollOver, dueAt: null, cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.Release, now, cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.Purge, now, cancellationToken);
        // What is paid for at Stripe ends there too.
        await db.ScheduleAsync(tenant, TenantTask.Sync, now, cancellationToken);
        if (isUnknown)
            await HeldReservations.AnswerAsync(db, subscription, clock, metrics, cancellationToken);
    }
}
