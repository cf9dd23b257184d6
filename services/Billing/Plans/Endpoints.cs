namespace WpAsis.Billing.Plans;

/// <summary>The plans.</summary>
internal static class PlansFeature
{
    public static void MapPlans(this IEndpointRouteBuilder routes) => routes.MapListPlans();
}
