namespace WpAsis.MessagingGateway.Threads;

internal static class Endpoints
{
    public static void AddThreads(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CallFence>();
        builder.Services.AddScoped<ChangeMode>();
        builder.Services.AddScoped<AnswerThread>();
    }

    public static void MapThreads(this IEndpointRouteBuilder routes)
    {
        routes.MapListThreads();
        routes.MapGetThread();
        routes.MapTakeOver();
        routes.MapRelease();
        routes.MapAnswerThread();
        routes.MapListMessages();
    }
}
