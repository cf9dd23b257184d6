using MassTransit;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Replies;

internal static class Endpoints
{
    public static void AddReplies(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SendMetrics>();
        builder.Services.AddSingleton<IntakeWatch>();
        builder.Services.AddSingleton(provider =>
            SendTimes.Read(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<GraphSettings>())
        );
        builder.Services.AddSingleton<WamidIndex>();
        builder.Services.AddSingleton<OpenReply>();
        builder.Services.AddSingleton<OpenContact>();
        builder.Services.AddSingleton<PrepareCall>();
        builder.Services.AddSingleton<ClaimSend>();
        builder.Services.AddSingleton<RecordOutcome>();
        builder.Services.AddSweeper<SendQueued>();
        builder.Services.AddTimerRows("send_route", "next_at");
        builder.Services.AddSingleton(provider =>
        {
            var sender = provider.GetRequiredService<SendQueued>();
            return new Notification(SendQueued.Channel, _ => sender.Wake());
        });
    }

    public static void AddReplyConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<SendReplyConsumer>();
        bus.AddConsumer<ShowTypingConsumer>();
    }
}
