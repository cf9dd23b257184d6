using MassTransit;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Subscriptions;

/// <summary>Who is on what.</summary>
internal static class SubscriptionsFeature
{
    public static void AddSubscriptions(this WebApplicationBuilder builder) => builder.Services.AddSweeper<RollOver>();

    public static void AddSubscriptions(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<StartSubscriptionConsumer>();
        bus.AddConsumer<CloseSubscriptionConsumer>();
    }

    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        routes.MapGetSubscription();
        routes.MapCancelSubscription();
        routes.MapGivePlan();
    }
}
