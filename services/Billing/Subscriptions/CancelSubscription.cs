using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Stripe;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Subscriptions;

/// <summary>Cancels at the end of the period, and takes it back. Done twice it is done once.</summary>
internal static class CancelSubscriptionEndpoint
{
    public static void MapCancelSubscription(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/subscription/cancel", CancelAsync).RequireAuthorization(Payers.Policy).AnswersWhenStripeIsAway();
        routes.MapPost("/subscription/resume", ResumeAsync).RequireAuthorization(Payers.Policy).AnswersWhenStripeIsAway();
    }

    private static Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> CancelAsync(
        ClaimsPrincipal user,
        BillingDbContext db,
        StripeApi stripe,
        SyncCustomer sync,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => SetAsync(user, cancels: true, db, stripe, sync, clock, cancellationToken);

    private static Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> ResumeAsync(
        ClaimsPrincipal user,
        BillingDbContext db,
        StripeApi stripe,
        SyncCustomer sync,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => SetAsync(user, cancels: false, db, stripe, sync, clock, cancellationToken);

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> SetAsync(
        ClaimsPrincipal user,
        bool cancels,
        BillingDbContext db,
        StripeApi stripe,
        SyncCustomer sync,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.TenantIdOf();
        var subscription = await db.InTenantAsync(
            tenant,
            (inner, token) => inner.Subscriptions.AsNoTracking().SingleOrDefaultAsync(token),
            cancellationToken
        );
        if (subscription is null)
            return GetSubscriptionEndpoint.NotYet();
        if (!subscription.IsPaid)
            return NotPaid();
        if (subscription.CancelAtPeriodEnd != cancels)
        {
            try
            {
                await stripe.SetCancelAsync(subscription.StripeId!, cancels, TypedId.NewGuid(clock).ToString("N"), cancellationToken);
            }
            catch (StripeRefusedException)
            {
                // It ended in the meantime; what is read now says so.
            }
        }
        await sync.RunAsync(tenant, cancellationToken);
        var view = (await SubscriptionView.FindAsync(db, user, clock, cancellationToken))!;
        return view.IsPaid ? TypedResults.Ok(view) : NotPaid();
    }

    private static ProblemHttpResult NotPaid() =>
        Problems.Of(StatusCodes.Status409Conflict, "no-paid-subscription", "There is no paid subscription.");
}
