using MassTransit;

namespace WpAsis.Billing.WhatsAppCosts;

/// <summary>The meter of what WhatsApp itself costs.</summary>
internal static class WhatsAppCostsFeature
{
    public static void AddWhatsAppCosts(this IBusRegistrationConfigurator bus) => bus.AddConsumer<CountMessageStatusConsumer>();
}
