using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Stripe;

/// <summary>Stripe: the calls, the webhook, and what keeps both sides the same.</summary>
internal static class StripeFeature
{
    public static void AddStripe(this WebApplicationBuilder builder)
    {
        // Read at once: a service that can't tell who has paid must not start.
        builder.Services.AddSingleton(StripeSettings.Read(builder.Configuration));
        builder.Services.AddSingleton(StripeSignature.Read(builder.Configuration));
        builder.Services.AddTransient<StripeEgress>();
        StripeApi.AddClient(builder.Services);
        builder.Services.AddSingleton<StripeApi>();
        builder.Services.AddSingleton<StripeMetrics>();
        builder.Services.AddSingleton<PriceList>();
        builder.Services.AddSingleton<SyncCustomer>();
        builder.Services.AddSingleton<StoreStripeEvent>();
        builder.Services.AddSweeper<ApplyStripeEvents>();
        builder.Services.AddSweeper<ReadMissedEvents>();
        builder.Services.AddSweeper<ReconcileCustomers>();
    }

    public static void MapStripe(this IEndpointRouteBuilder routes) => routes.MapReceiveStripeWebhook();
}
