using MassTransit;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Usage;

/// <summary>Reserve, settle, release, and how much is left.</summary>
internal static class UsageFeature
{
    public static void AddUsage(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UsageMetrics>();
        builder.Services.AddSweeper<ReleaseExpired>();
    }

    public static void AddUsage(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ReserveUsageConsumer>();
        bus.AddConsumer<SettleUsageConsumer>();
        bus.AddConsumer<ReleaseUsageConsumer>();
    }

    public static void MapUsage(this IEndpointRouteBuilder routes) => routes.MapGetUsage();
}
