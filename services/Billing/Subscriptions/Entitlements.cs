using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Plans;
using WpAsis.Contracts.Billing;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Billing.Subscriptions;

/// <summary>What follows from a change of a subscription, in its transaction. The caller holds the subscription's row.</summary>
internal static class Entitlements
{
    /// <summary>Tells everybody; versions have no gaps.</summary>
    public static void Announce(this BillingDbContext db, Subscription subscription, TimeProvider clock)
    {
        var plan = Plan.Of(subscription.Plan);
        subscription.Version++;
        db.Publish(
            new EntitlementsChanged
            {
                TenantId = subscription.TenantId,
                Version = subscription.Version,
                State = subscription.State switch
                {
                    SubscriptionState.Trialing or SubscriptionState.Active => EntitlementState.Active,
                    SubscriptionState.PastDue => EntitlementState.Grace,
                    _ => EntitlementState.Suspended,
                },
                Plan = plan.Id,
                PeriodStart = subscription.PeriodStart,
                PeriodEnd = subscription.PeriodEnd,
                Included = plan.Included,
                ValidUntil = subscription.ValidUntil,
            },
            clock
        );
    }

    /// <summary>Opens the counter of the subscription's period and writes it down.</summary>
    public static void OpenPeriod(
        this BillingDbContext db,
        Subscription subscription,
        LedgerKind kind,
        TimeProvider clock,
        string? reason = null
    )
    {
        var plan = Plan.Of(subscription.Plan);
        db.UsageCounters.Add(
            new()
            {
                TenantId = subscription.TenantId,
                Period = subscription.Period,
                PeriodEnd = subscription.PeriodEnd,
                Cap = plan.Included,
            }
        );
        db.Ledger.Add(LedgerEntry.Of(subscription, kind, reason, clock));
    }

    /// <summary>The customer's subscription, held until the transaction ends.</summary>
    public static Task<Subscription?> HoldSubscriptionAsync(this BillingDbContext db, CancellationToken cancellationToken) =>
        db.Subscriptions.FromSql($"select * from subscription for update").SingleOrDefaultAsync(cancellationToken);

    /// <summary>Begins the period that has begun, unless somebody else has just done so.</summary>
    public static async Task<Subscription> RenewAsync(
        this BillingDbContext db,
        DateTimeOffset now,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var subscription = (await db.HoldSubscriptionAsync(cancellationToken))!;
        if (!subscription.IsBehind(now))
            return subscription;
        subscription.EnterPeriodOf(now);
        db.OpenPeriod(subscription, LedgerKind.PeriodBegun, clock);
        db.Announce(subscription, clock);
        // The counter must be there for the statement that takes from it.
        await db.SaveChangesAsync(cancellationToken);
        return subscription;
    }
}
