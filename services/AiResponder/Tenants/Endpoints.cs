using MassTransit;

namespace WpAsis.AiResponder.Tenants;

internal static class Endpoints
{
    public static void AddTenants(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RegisterTenantConsumer>();
        bus.AddConsumer<CloseTenantConsumer>();
    }
}
