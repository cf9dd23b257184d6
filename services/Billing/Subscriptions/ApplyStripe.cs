using WpAsis.Billing.Data;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Usage;

namespace WpAsis.Billing.Subscriptions;

/// <summary>What Stripe's subscriptions mean for ours. The caller holds the subscription's row.</summary>
internal static class StripeStates
{
    /// <summary>True when something changed; then it is announced and written down. The newest that lives counts.</summary>
    /// <exception cref="InvalidOperationException">Somebody pays for a plan that does not exist.</exception>
    public static bool ApplyStripe(
        this BillingDbContext db,
        Subscription subscription,
        IReadOnlyList<StripeSubscription> seen,
        TimeProvider clock
    )
    {
        var before = Entitlement.Of(subscription);
        if (seen.FirstOrDefault(item => item.Lives) is { } living)
            db.Follow(subscription, living, clock);
        else if (subscription.IsPaid && !seen.Any(item => item.Id == subscription.StripeId && item.Status == "incomplete"))
            db.End(subscription, clock);
        if (Entitlement.Of(subscription) == before)
            return false;
        subscription.StripeVersion++;
        db.Announce(subscription, clock);
        if (subscription.State is SubscriptionState.PastDue && before.State is not SubscriptionState.PastDue)
            Notices.SendPaymentFailed(db, subscription, clock);
        return true;
    }

    private static void Follow(this BillingDbContext db, Subscription subscription, StripeSubscription living, TimeProvider clock)
    {
        if (living.Plan is null || Plan.Find(living.Plan) is not { Renews: true } plan)
            throw new InvalidOperationException("Stripe's subscription names no plan of ours.");
        var isNew = subscription.StripeId != living.Id;
        var begins = isNew || subscription.Plan != plan.Id || subscription.PeriodStart != living.PeriodStart;
        subscription.StripeId = living.Id;
        subscription.Plan = plan.Id;
        subscription.State = StateOf(living.Status);
        subscription.CancelAtPeriodEnd = living.CancelAtPeriodEnd;
        subscription.PeriodStart = living.PeriodStart;
        subscription.PeriodEnd = living.PeriodEnd;
        // Past due for longer than the grace is no grace again, however often Stripe says it.
        subscription.State = subscription.StateAt(clock.GetUtcNow());
        if (!begins)
            return;
        subscription.Anchor = living.PeriodStart;
        subscription.Period++;
        db.OpenPeriod(subscription, isNew ? LedgerKind.PlanBought : LedgerKind.PeriodBegun, clock);
    }

    private static void End(this BillingDbContext db, Subscription subscription, TimeProvider clock)
    {
        subscription.State = SubscriptionState.Ended;
        subscription.CancelAtPeriodEnd = false;
        db.Ledger.Add(LedgerEntry.Of(subscription, LedgerKind.PlanEnded, reason: null, clock));
    }

    private static SubscriptionState StateOf(string status) =>
        status switch
        {
            "active" or "trialing" => SubscriptionState.Active,
            "past_due" => SubscriptionState.PastDue,
            _ => SubscriptionState.Suspended,
        };

    // What others hear of.
    private sealed record Entitlement(
        SubscriptionState State,
        string? StripeId,
        string Plan,
        bool CancelAtPeriodEnd,
        DateTimeOffset PeriodStart,
        DateTimeOffset PeriodEnd
    )
    {
        public static Entitlement Of(Subscription subscription) =>
            new(
                subscription.State,
                subscription.StripeId,
                subscription.Plan,
                subscription.CancelAtPeriodEnd,
                subscription.PeriodStart,
                subscription.PeriodEnd
            );
    }
}
