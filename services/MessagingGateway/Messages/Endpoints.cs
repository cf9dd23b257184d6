namespace WpAsis.MessagingGateway.Messages;

internal static class Endpoints
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WamidKeys>();
        builder.Services.AddSingleton<LockThreads>();
        builder.Services.AddSingleton<RecordStatuses>();
        builder.Services.AddSingleton<ConfirmStop>();
    }
}
