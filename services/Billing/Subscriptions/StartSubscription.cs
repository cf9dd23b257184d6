using MassTransit;
using WpAsis.Billing.Data;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Tenants;
using WpAsis.Billing.Trials;
using WpAsis.Billing.Usage;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Subscriptions;

/// <summary>A customer registered: its trial begins now, and what it asked for before we knew it is answered.</summary>
internal sealed class StartSubscriptionConsumer(WorkDb<BillingDbContext> work, UsageMetrics metrics, TimeProvider clock)
    : IConsumer<TenantRegistered>
{
    public async Task Consume(ConsumeContext<TenantRegistered> context)
    {
        var tenant = context.Message.TenantId;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(db, tenant, clock, (inner, token) => StartAsync(inner, tenant, token));
    }

    private async Task StartAsync(BillingDbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        await db.LockTenantAsync(tenant, cancellationToken);
        if (await db.HoldSubscriptionAsync(cancellationToken) is not null)
            return;

        // From now and not from the registration: a trial loses no days to an outage of ours.
        var now = clock.GetUtcNow();
        var subscription = Subscription.OnTrial(tenant, now);
        if (await TrialNumbers.HasSpentOneAsync(db, tenant, cancellationToken))
            subscription.State = SubscriptionState.TrialRefused;
        db.Subscriptions.Add(subscription);
        db.OpenPeriod(subscription, LedgerKind.TrialBegun, clock);
        db.Announce(subscription, clock);
        await db.SaveChangesAsync(cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.RollOver, subscription.PeriodEnd, cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.Release, now, cancellationToken);
        await db.ScheduleAsync(tenant, TenantTask.Purge, now, cancellationToken);
        await HeldReservations.AnswerAsync(db, subscription, clock, metrics, cancellationToken);
    }
}
