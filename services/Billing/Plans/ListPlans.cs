using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.Billing.Stripe;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Plans;

/// <summary>What there is to choose from, and what it costs.</summary>
internal static class ListPlansEndpoint
{
    public static void MapListPlans(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/plans", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Ok<PlansPage>> HandleAsync(PriceList prices, CancellationToken cancellationToken)
    {
        var items = new List<PlanView>();
        foreach (var plan in Plan.All)
            items.Add(PlanView.Of(plan, plan.Renews ? await prices.ShowAsync(plan.Id, cancellationToken) : null));
        return TypedResults.Ok(new PlansPage(items));
    }
}

internal sealed record PlanView(string Id, int Included, string Period, int? Days = null, PriceView? Price = null)
{
    public static PlanView Of(Plan plan, StripePrice? price) =>
        new(plan.Id, plan.Included, plan.Renews ? "month" : "once", plan.Days, PriceView.Of(price));
}

/// <summary>In minor units.</summary>
internal sealed record PriceView(long Amount, string Currency, string Interval)
{
    public static PriceView? Of(StripePrice? price) => price is null ? null : new(price.Amount, price.Currency, price.Interval);
}

internal sealed record PlansPage(IReadOnlyList<PlanView> Items, string? Next = null);
