using Stripe;
using Stripe.Checkout;

namespace WpAsis.Sandbox.Stripe;

/// <summary>What time does at Stripe: sessions expire, periods end, invoices are finalized an hour later, cards are tried again.</summary>
internal sealed class BillCycles(
    StripeAccount account,
    CheckoutSessions sessions,
    Subscriptions subscriptions,
    Invoices invoices,
    DeliverEvents deliver,
    StripeTime clock
) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeforeFinal = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>After the clock was moved: lives through what lies between, and waits until the webhooks about it were answered.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        clock.CatchUp();
        Run();
        if (deliver.Holds)
            return;
        var open = deliver
            .All()
            .Where(happened => happened is { Held: false, Delivered: false, Attempts: 0 })
            .Select(happened => happened.Answered);
        await Task.WhenAll(open).WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Run();
    }

    private void Run()
    {
        lock (account.Lock)
        {
            foreach (var session in account.All<Session>().Where(item => item.Status == "open" && item.ExpiresAt <= account.Now).ToList())
                sessions.Expire(session);
            // A long jump holds several periods; each is lived through to its end before the next begins.
            foreach (var subscription in account.All<Subscription>().Where(item => item.Status is "active" or "past_due").ToList())
            {
                Collect(subscription);
                while (Subscriptions.Lives(subscription) && Subscriptions.ItemOf(subscription).CurrentPeriodEnd <= account.Now)
                {
                    EndPeriod(subscription);
                    Collect(subscription);
                }
            }
        }
    }

    private void EndPeriod(Subscription subscription)
    {
        if (subscription.CancelAtPeriodEnd)
        {
            subscriptions.End(subscription, "cancellation_requested");
            return;
        }
        var item = Subscriptions.ItemOf(subscription);
        var periods = 1;
        while (Subscriptions.PeriodEnd(subscription.BillingCycleAnchor, item.Price, periods) <= item.CurrentPeriodEnd)
            periods++;
        item.CurrentPeriodStart = item.CurrentPeriodEnd;
        item.CurrentPeriodEnd = Subscriptions.PeriodEnd(subscription.BillingCycleAnchor, item.Price, periods);
        var invoice = invoices.Draft(subscription, "subscription_cycle");
        // In a jump the draft is as old as the period that it is for.
        invoice.Created = item.CurrentPeriodStart;
        account.Emit("customer.subscription.updated", subscription);
    }

    private void Collect(Subscription subscription)
    {
        foreach (var invoice in account.All<Invoice>().Where(item => IsOf(item, subscription)).Reverse().ToList())
        {
            if (invoice.Status == "draft" && invoice.Created + BeforeFinal <= account.Now)
            {
                invoices.FinalizeDraft(invoice);
                invoice.NextPaymentAttempt = account.Now;
            }
            while (invoice.Status == "open" && invoice.NextPaymentAttempt <= account.Now)
            {
                if (account.Declining.Contains(invoice.CustomerId))
                    invoices.Fail(invoice);
                else
                    invoices.Pay(invoice);
            }
        }
    }

    private static bool IsOf(Invoice invoice, Subscription subscription) =>
        invoice.Parent?.SubscriptionDetails?.SubscriptionId == subscription.Id;
}
