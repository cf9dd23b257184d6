using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Checkouts;
using WpAsis.Billing.Data;
using WpAsis.Billing.Usage;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Subscriptions;

/// <summary>What the customer is on, and how much of it is used.</summary>
internal static class GetSubscriptionEndpoint
{
    public static void MapGetSubscription(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/subscription", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        BillingDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => await SubscriptionView.FindAsync(db, user, clock, cancellationToken) is { } view ? TypedResults.Ok(view) : NotYet();

    /// <summary>Registration and subscription are two services: for a moment one knows and the other does not.</summary>
    public static ProblemHttpResult NotYet() =>
        Problems.Of(StatusCodes.Status404NotFound, "no-subscription", "There is no subscription yet.");
}

internal sealed record SubscriptionView(
    string Plan,
    SubscriptionState State,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    int Included,
    int Used,
    int Reserved,
    DateTimeOffset ValidUntil,
    bool IsPaid,
    bool CancelAtPeriodEnd,
    DateTimeOffset? TrialEndsAt = null,
    DateTimeOffset? GraceEndsAt = null,
    CheckoutView? Checkout = null
)
{
    public static SubscriptionView Of(Subscription subscription, UsageCounter counter, DateTimeOffset now)
    {
        var state = subscription.StateAt(now);
        return new(
            subscription.Plan,
            state,
            subscription.PeriodStart,
            subscription.PeriodEnd,
            counter.Cap,
            counter.Used,
            counter.Reserved,
            subscription.ValidUntil,
            subscription.IsPaid,
            subscription.CancelAtPeriodEnd,
            TrialEndsAt: Plans.Plan.Of(subscription.Plan).Renews ? null : subscription.PeriodEnd,
            GraceEndsAt: state is SubscriptionState.PastDue ? subscription.ValidUntil : null
        );
    }

    /// <summary>As a member sees it: a payment that was begun is shown to those who may pay.</summary>
    public static Task<SubscriptionView?> FindAsync(
        BillingDbContext db,
        ClaimsPrincipal user,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => FindAsync(db, user.TenantIdOf(), user.MayPay(), clock, cancellationToken);

    public static Task<SubscriptionView?> FindAsync(
        BillingDbContext db,
        TenantId tenant,
        bool mayPay,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                var now = clock.GetUtcNow();
                if (await inner.Subscriptions.AsNoTracking().SingleOrDefaultAsync(token) is not { } subscription)
                    return null;
                if (subscription.IsBehind(now))
                    subscription = await inner.RenewAsync(now, clock, token);
                var counter = await inner.UsageCounters.AsNoTracking().SingleAsync(row => row.Period == subscription.Period, token);
                var checkout = mayPay && !subscription.IsPaid ? await inner.Checkouts.FindOpenAsync(now, token) : null;
                return Of(subscription, counter, now) with { Checkout = CheckoutView.Of(checkout) };
            },
            cancellationToken
        );
}
