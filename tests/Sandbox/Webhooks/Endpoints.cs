namespace WpAsis.Sandbox.Webhooks;

internal static class Endpoints
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<Hosting.Generation>();
        services.AddSingleton<PostSigned>();
        services.AddSingleton<DeliverWebhook>();
        services.AddSingleton<PlayStatuses>();
        services.AddSingleton<ReceiveFromContact>();
    }
}
