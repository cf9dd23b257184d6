using Microsoft.AspNetCore.Mvc;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Webhooks;

internal static class Endpoints
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        // Read at once: a service without a secret must not start.
        builder.Services.AddSingleton(WebhookSecrets.Read(builder.Configuration));
        builder.Services.AddSingleton<IntakeMetrics>();
        builder.Services.AddSingleton<ReceiveWebhook>();
        builder.Services.AddSingleton<ClaimIntake>();
        builder.Services.AddSingleton<KeptBodies>();
        builder.Services.AddSingleton<WriteBatch>();
        builder.Services.AddSingleton<WriteTenant>();
        builder.Services.AddSingleton<QuarantineItems>();
        builder.Services.AddSingleton<StoreIntake>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<StoreIntake>());
        builder.Services.AddSweeper<SplitIntake>();
        builder.Services.AddSingleton(provider =>
        {
            var splitter = provider.GetRequiredService<SplitIntake>();
            return new Notification(SplitIntake.Channel, _ => splitter.Wake());
        });
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var receive = routes.ServiceProvider.GetRequiredService<ReceiveWebhook>();
        routes.MapVerifyWebhook();
        // Kestrel's own limit is made for our APIs. One byte more than is read, so that it is we who refuse.
        routes
            .MapPost(ReceiveWebhook.Path, receive.HandleAsync)
            .AllowAnonymous()
            .WithMetadata(new RequestSizeLimitAttribute(ReadBody.MaxBytes + 1));
    }
}
