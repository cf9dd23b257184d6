using MassTransit;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Channels;

internal static class Endpoints
{
    public static void AddChannels(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<NumberKeys>();
        builder.Services.AddScoped<StoreChannel>();
        builder.Services.AddSingleton<DisconnectChannels>();
        builder.Services.AddSingleton<OpenCircuit>();
        builder.Services.AddSweeper<ProbeChannels>();
    }

    public static void AddChannelConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<CloseTenantConsumer>();

    public static void MapChannels(this IEndpointRouteBuilder routes)
    {
        routes.MapConnectChannel();
        routes.MapListChannels();
        routes.MapDisconnectChannel();
    }
}
