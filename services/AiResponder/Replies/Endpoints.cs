using MassTransit;

namespace WpAsis.AiResponder.Replies;

internal static class Endpoints
{
    public static void AddReplies(this IServiceCollection services)
    {
        services.AddSingleton<ContentReader>();
        services.AddSingleton<WriteNotice>();
        services.AddSingleton<ComposeReply>();
    }

    public static void AddReplies(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<AcceptReplyConsumer>();
        bus.AddConsumer<DropReplyConsumer>();
    }
}
