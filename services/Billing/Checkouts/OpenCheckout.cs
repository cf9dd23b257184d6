using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Checkouts;

/// <summary>Why nobody can pay.</summary>
internal enum CheckoutRefusal
{
    /// <summary>The customer is not known yet.</summary>
    NoSubscription,

    /// <summary>The customer left.</summary>
    Closed,

    /// <summary>It pays already.</summary>
    AlreadySubscribed,
}

/// <summary>An open payment, or why there is none.</summary>
internal sealed record CheckoutOutcome(Checkout? Checkout, CheckoutRefusal? Refusal = null);

/// <summary>Opens the one payment page of a customer.</summary>
/// <remarks>ask Stripe what the customer is on → write the row → customer at Stripe → page at Stripe → its address into the row</remarks>
internal sealed class OpenCheckout(WorkDb<BillingDbContext> work, StripeApi stripe, SyncCustomer sync, TimeProvider clock)
{
    private const int MostEpochs = 3;
    private static readonly TimeSpan Remaining = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WhilePaying = TimeSpan.FromMinutes(5);

    // Stripe's keys are good for a day: a row that got no page by then would be a new call under an old key.
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(23);

    public async Task<CheckoutOutcome> RunAsync(TenantId tenant, Plan plan, string price, Uri returns, CancellationToken cancellationToken)
    {
        // A webhook may be late: who has just paid must not pay again.
        await sync.RunAsync(tenant, cancellationToken);
        await using var db = work.CreateContext();
        for (var epochs = 0; ; epochs++)
        {
            var outcome = await BeginAsync(db, tenant, plan, price, returns, cancellationToken);
            if (outcome.Checkout is not { Url: null } checkout)
                return outcome;
            try
            {
                var session = await AskAsync(db, checkout, cancellationToken);
                return new(await WriteAsync(db, checkout, session, cancellationToken));
            }
            catch (StripeRefusedException refused) when (refused.OtherParameters && epochs < MostEpochs)
            {
                await NextEpochAsync(db, checkout, cancellationToken);
            }
            catch (StripeAwayException away) when (away.KeepsError)
            {
                // Stripe keeps its error under this key for a day; the next attempt has another.
                await NextEpochAsync(db, checkout, CancellationToken.None);
                throw;
            }
        }
    }

    private Task<CheckoutOutcome> BeginAsync(
        BillingDbContext db,
        TenantId tenant,
        Plan plan,
        string price,
        Uri returns,
        CancellationToken cancellationToken
    ) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                // Held: of fifty that ask at once, one writes the row and the others find it.
                var subscription = await inner.HoldSubscriptionAsync(token);
                if (subscription is null)
                    return new CheckoutOutcome(null, CheckoutRefusal.NoSubscription);
                if (subscription.State is SubscriptionState.Closed)
                    return new(null, CheckoutRefusal.Closed);
                if (subscription.IsPaid)
                    return new(null, CheckoutRefusal.AlreadySubscribed);
                var now = clock.GetUtcNow();
                var open = await inner.Checkouts.SingleOrDefaultAsync(checkout => checkout.State == CheckoutState.Open, token);
                if (open is not null && open.Plan == plan.Id && LivesOn(open, now))
                    return new(open);
                if (open is not null)
                {
                    open.State = CheckoutState.Expired;
                    await inner.SaveChangesAsync(token);
                }
                var fresh = new Checkout
                {
                    Id = TypedId.NewGuid(clock),
                    TenantId = tenant,
                    Plan = plan.Id,
                    PriceId = price,
                    ReturnUrl = returns.AbsoluteUri,
                    CreatedAt = now,
                };
                inner.Checkouts.Add(fresh);
                return new(fresh);
            },
            cancellationToken
        );

    private static bool LivesOn(Checkout checkout, DateTimeOffset now) =>
        checkout.ExpiresAt is { } expiresAt ? expiresAt > now + Remaining : checkout.CreatedAt + KeyLife > now;

    private async Task<HostedSession> AskAsync(BillingDbContext db, Checkout checkout, CancellationToken cancellationToken)
    {
        var customer = await CustomerAsync(db, checkout, cancellationToken);
        var wanted = new NewSession(
            checkout.TenantId,
            customer,
            checkout.Plan,
            checkout.PriceId,
            new Uri(QueryHelpers.AddQueryString(checkout.ReturnUrl, "checkout", "paid")),
            new Uri(QueryHelpers.AddQueryString(checkout.ReturnUrl, "checkout", "cancelled"))
        );
        return await stripe.CreateSessionAsync(wanted, $"checkout:{checkout.Id:N}:{checkout.Epoch}", cancellationToken);
    }

    private async Task<string> CustomerAsync(BillingDbContext db, Checkout checkout, CancellationToken cancellationToken)
    {
        var tenant = checkout.TenantId;
        if (await FindCustomerAsync(db, tenant, cancellationToken) is { } known)
            return known;
        var created = await stripe.CreateCustomerAsync(tenant, $"customer:{checkout.Id:N}:{checkout.Epoch}", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"insert into stripe_route (customer_id, tenant_id) values ({created}, {tenant.Value}) on conflict do nothing",
            cancellationToken
        );
        return (await FindCustomerAsync(db, tenant, cancellationToken))!;
    }

    private static Task<string?> FindCustomerAsync(BillingDbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        db.StripeRoutes.Where(route => route.TenantId == tenant).Select(route => route.CustomerId).SingleOrDefaultAsync(cancellationToken)!;

    private Task<Checkout> WriteAsync(BillingDbContext db, Checkout checkout, HostedSession session, CancellationToken cancellationToken) =>
        db.InTenantAsync(
            checkout.TenantId,
            async (inner, token) =>
            {
                var row = await inner.Checkouts.SingleAsync(item => item.Id == checkout.Id, token);
                row.SessionId = session.Id;
                row.Url = session.Url;
                row.ExpiresAt = session.ExpiresAt;
                await inner.ScheduleAsync(checkout.TenantId, TenantTask.Sync, clock.GetUtcNow() + WhilePaying, token);
                return row;
            },
            cancellationToken
        );

    private static Task<int> NextEpochAsync(BillingDbContext db, Checkout checkout, CancellationToken cancellationToken) =>
        db.InTenantAsync(
            checkout.TenantId,
            (inner, token) =>
                inner
                    .Checkouts.Where(item => item.Id == checkout.Id && item.Epoch == checkout.Epoch && item.SessionId == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(item => item.Epoch, checkout.Epoch + 1), token),
            cancellationToken
        );
}
