using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Checkouts;
using WpAsis.Billing.Data;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// Brings a customer up to date with what Stripe says now. No transaction is open while Stripe is asked; the answer is written only where
/// nobody else has written since the question was put, and otherwise asked for again. Without that condition two that ask and write in
/// turns leave the older answer standing.
/// </summary>
internal sealed class SyncCustomer(WorkDb<BillingDbContext> work, StripeApi stripe, StripeMetrics metrics, TimeProvider clock)
{
    private const int MostRounds = 10;
    private static readonly TimeSpan Daily = TimeSpan.FromHours(24);
    private static readonly TimeSpan WhilePaying = TimeSpan.FromMinutes(5);

    public async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        for (var round = 0; round < MostRounds; round++)
        {
            if (await ReadAsync(db, tenant, cancellationToken) is not { } known)
                return;
            var seen = await AskAsync(known, cancellationToken);
            if (await TryWriteAsync(db, tenant, known, seen, cancellationToken) is not { } written)
                continue;
            await EndAsync(written.ToEnd, cancellationToken);
            return;
        }
        throw new InvalidOperationException("A customer changes faster than it can be read.");
    }

    private static Task<Known?> ReadAsync(BillingDbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                var customer = await inner
                    .StripeRoutes.Where(route => route.TenantId == tenant)
                    .Select(route => route.CustomerId)
                    .SingleOrDefaultAsync(token);
                if (customer is null || await inner.Subscriptions.AsNoTracking().SingleOrDefaultAsync(token) is not { } subscription)
                {
                    await inner.ScheduleAsync(tenant, TenantTask.Sync, dueAt: null, token);
                    return null;
                }
                var open = await inner
                    .Checkouts.AsNoTracking()
                    .SingleOrDefaultAsync(checkout => checkout.State == CheckoutState.Open && checkout.SessionId != null, token);
                return new Known(customer, subscription.StripeVersion, open?.SessionId);
            },
            cancellationToken
        );

    private async Task<Seen> AskAsync(Known known, CancellationToken cancellationToken)
    {
        var session = known.OpenSession is { } id ? await stripe.GetSessionAsync(id, cancellationToken) : null;
        // Asked after the session: one that is complete has its subscription by then.
        var subscriptions = await stripe.ListSubscriptionsAsync(known.Customer, cancellationToken);
        if (subscriptions.Count(item => item.Lives) > 1)
            metrics.Doubled();
        return new(subscriptions, session);
    }

    private Task<Written?> TryWriteAsync(
        BillingDbContext db,
        TenantId tenant,
        Known known,
        Seen seen,
        CancellationToken cancellationToken
    ) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                var subscription = (await inner.HoldSubscriptionAsync(token))!;
                if (subscription.StripeVersion != known.Version)
                    return null;
                if (seen.Session is { Status: not "open" } over)
                    await inner.Checkouts.CloseAsync(over, token);
                if (subscription.State is SubscriptionState.Closed)
                {
                    var living = seen.Subscriptions.Where(item => item.Lives).Select(item => item.Id).ToList();
                    // Looked at again until none lives: we may be killed before the first is ended.
                    DateTimeOffset? again = living.Count > 0 ? clock.GetUtcNow() + WhilePaying : null;
                    await inner.ScheduleAsync(tenant, TenantTask.Sync, again, token);
                    return new Written(living);
                }
                if (inner.ApplyStripe(subscription, seen.Subscriptions, clock))
                {
                    await inner.SaveChangesAsync(token);
                    await inner.ScheduleAsync(tenant, TenantTask.RollOver, subscription.ValidUntil, token);
                }
                var pause = seen.Session is { Status: "open" } ? WhilePaying : Daily;
                await inner.ScheduleAsync(tenant, TenantTask.Sync, clock.GetUtcNow() + pause, token);
                return new Written([]);
            },
            cancellationToken
        );

    // Who has left pays no more, whatever Stripe's own clock would do.
    private async Task EndAsync(IReadOnlyList<string> subscriptions, CancellationToken cancellationToken)
    {
        foreach (var subscription in subscriptions)
            await stripe.EndAsync(subscription, cancellationToken);
    }

    private sealed record Known(string Customer, long Version, string? OpenSession);

    private sealed record Seen(IReadOnlyList<StripeSubscription> Subscriptions, HostedSession? Session);

    private sealed record Written(IReadOnlyList<string> ToEnd);
}
