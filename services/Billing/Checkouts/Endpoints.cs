namespace WpAsis.Billing.Checkouts;

/// <summary>Paying for a plan.</summary>
internal static class CheckoutsFeature
{
    public static void AddCheckouts(this WebApplicationBuilder builder) => builder.Services.AddSingleton<OpenCheckout>();

    public static void MapCheckouts(this IEndpointRouteBuilder routes) => routes.MapStartCheckout();
}
