using MassTransit;

namespace WpAsis.Billing.Trials;

/// <summary>One trial per number.</summary>
internal static class TrialsFeature
{
    public static void AddTrials(this IBusRegistrationConfigurator bus) => bus.AddConsumer<ConnectNumberConsumer>();
}
