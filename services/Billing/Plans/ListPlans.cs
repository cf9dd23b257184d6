using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Plans;

/// <summary>What there is to choose from.</summary>
internal static class ListPlansEndpoint
{
    public static void MapListPlans(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/plans", Handle).RequireAuthorization(Policies.Member);

    private static Ok<PlansPage> Handle() => TypedResults.Ok(new PlansPage([.. Plan.All.Select(PlanView.Of)]));
}

internal sealed record PlanView(string Id, int Included, string Period, int? Days = null)
{
    public static PlanView Of(Plan plan) => new(plan.Id, plan.Included, plan.Renews ? "month" : "once", plan.Days);
}

internal sealed record PlansPage(IReadOnlyList<PlanView> Items, string? Next = null);
