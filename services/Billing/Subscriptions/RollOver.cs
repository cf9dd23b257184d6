using WpAsis.Billing.Data;
using WpAsis.Billing.Tenants;
using WpAsis.Billing.Usage;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Subscriptions;

/// <summary>Ends trials and graces, and begins months that nobody pays for, when their time has come.</summary>
internal sealed class RollOver(WorkDb<BillingDbContext> work, TimeProvider clock, ILogger<RollOver> logger)
    : TenantSweeper(TenantTask.RollOver, work, clock, logger)
{
    private readonly TimeProvider _clock = clock;

    protected override async Task<DateTimeOffset?> VisitAsync(
        BillingDbContext db,
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var subscription = await db.RenewAsync(now, _clock, cancellationToken);
        if (subscription.IsPaid)
            return await SuspendAsync(db, subscription, now, cancellationToken);
        if (subscription.State is SubscriptionState.Active)
            return subscription.PeriodEnd;
        if (subscription.State is not (SubscriptionState.Trialing or SubscriptionState.TrialRefused))
            return null;
        if (subscription.PeriodEnd > now)
            return subscription.PeriodEnd;

        subscription.State = SubscriptionState.TrialEnded;
        db.Announce(subscription, _clock);
        await db.SaveChangesAsync(cancellationToken);
        await Notices.SendOncePerDayAsync(db, subscription, DenialReason.TrialEnded, _clock, cancellationToken);
        return null;
    }

    // The grace is over and Stripe has said nothing better.
    private async Task<DateTimeOffset?> SuspendAsync(
        BillingDbContext db,
        Subscription subscription,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (subscription.State is not (SubscriptionState.Active or SubscriptionState.PastDue))
            return null;
        if (subscription.ValidUntil > now)
            return subscription.ValidUntil;
        subscription.State = SubscriptionState.Suspended;
        // Whoever has asked Stripe before this asks again.
        subscription.StripeVersion++;
        db.Announce(subscription, _clock);
        await db.SaveChangesAsync(cancellationToken);
        await Notices.SendOncePerDayAsync(db, subscription, DenialReason.NotEntitled, _clock, cancellationToken);
        return null;
    }
}
