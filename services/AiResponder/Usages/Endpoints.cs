using MassTransit;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Usages;

internal static class Endpoints
{
    public static void AddUsages(this IServiceCollection services) =>
        services.AddSweeper<RepeatReservations>().AddTimerRows("usage", "repeat_at", "state = 'Asked'");

    public static void AddUsages(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<GrantUsageConsumer>();
        bus.AddConsumer<DenyUsageConsumer>();
    }
}
