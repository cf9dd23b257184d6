using WpAsis.MessagingGateway.Messages;
using WpAsis.MessagingGateway.Threads;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Webhooks;

internal static class Endpoints
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        // Read now: without a secret the service does not start.
        builder.Services.AddSingleton(new WebhookSettings(builder.Configuration));
        builder.Services.AddSingleton<IntakeMetrics>();
        builder.Services.AddSingleton<WriteQuarantine>();
        builder.Services.AddSingleton<LockThreads>();
        builder.Services.AddSingleton<FindConcerned>();
        builder.Services.AddSingleton<RecordStatuses>();
        builder.Services.AddSingleton<TakeMessages>();
        builder.Services.AddSingleton<SplitTenant>();
        builder.Services.AddSingleton<SplitBatch>();
        builder.Services.AddSweeper<SplitIntake>();
        builder.Services.AddSingleton<IntakeWriter>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<IntakeWriter>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapVerifyWebhook();
        routes.MapReceiveWebhook();
    }
}
