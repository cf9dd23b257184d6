using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Subscriptions;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Checkouts;

/// <summary>Begins to pay for a plan: answers with Stripe's page for the card. Asked again while it is open, the same.</summary>
internal static class StartCheckoutEndpoint
{
    private const int LongestReturnUrl = 1_000;

    public static void MapStartCheckout(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/subscription/checkout", HandleAsync).RequireAuthorization(Payers.Policy).AnswersWhenStripeIsAway();

    private static async Task<Results<Ok<StartCheckoutResponse>, ProblemHttpResult, ValidationProblem>> HandleAsync(
        StartCheckoutRequest request,
        ClaimsPrincipal user,
        StripeSettings settings,
        PriceList prices,
        OpenCheckout open,
        CancellationToken cancellationToken
    )
    {
        if (Plan.Find(request.Plan) is not { Renews: true } plan)
            return Problems.Invalid("plan", "No plan of this name can be bought.");
        if (ReturnAddress(request.ReturnUrl, settings.Console) is not { } returns)
            return Problems.Invalid("returnUrl", "People can be sent back to a page of the console only.");
        if (await prices.GetAsync(plan.Id, cancellationToken) is not { } price)
            return Problems.Invalid("plan", "This plan has no price at the moment.");

        var outcome = await open.RunAsync(user.TenantIdOf(), plan, price.Id, returns, cancellationToken);
        return outcome.Refusal switch
        {
            CheckoutRefusal.NoSubscription => GetSubscriptionEndpoint.NotYet(),
            CheckoutRefusal.Closed => Problems.Of(StatusCodes.Status409Conflict, "tenant-closed", "This customer has left."),
            CheckoutRefusal.AlreadySubscribed => Problems.Of(
                StatusCodes.Status409Conflict,
                "already-subscribed",
                "There is a paid subscription already."
            ),
            _ => TypedResults.Ok(new StartCheckoutResponse(outcome.Checkout!.Url!, outcome.Checkout.ExpiresAt!.Value)),
        };
    }

    // An address of somebody else's would make our payment page a way to a page that looks like ours.
    private static Uri? ReturnAddress(string? wanted, Uri console)
    {
        if (wanted is null)
            return console;
        var isOurs =
            wanted.Length <= LongestReturnUrl
            && Uri.TryCreate(wanted, UriKind.Absolute, out var address)
            && address.UserInfo.Length == 0
            && address.Fragment.Length == 0
            && address.GetLeftPart(UriPartial.Authority) == console.GetLeftPart(UriPartial.Authority);
        return isOurs ? new Uri(wanted) : null;
    }
}

internal sealed record StartCheckoutRequest(string Plan, string? ReturnUrl = null);

internal sealed record StartCheckoutResponse(string Url, DateTimeOffset ExpiresAt);
