namespace WpAsis.Sandbox.Graph;

internal static class Endpoints
{
    public static void AddGraph(this IServiceCollection services)
    {
        services.AddSingleton<BusinessNumbers>();
        services.AddSingleton<People>();
        services.AddSingleton<GraphRecords>();
        services.AddSingleton<GraphAccess>();
        services.AddSingleton<MediaStore>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<MarkRead>();
        services.AddSingleton<ReadObject>();
    }

    public static void MapGraph(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/graph/media/{key}", (HttpContext context, string key, ReadObject read) => read.Download(context, key));
        var graph = routes.MapGroup("/graph/{version:regex(^v\\d+\\.\\d+$)}");
        graph.MapPost(
            "/{id}/messages",
            (HttpContext context, string id, SendMessage send, CancellationToken cancellationToken) =>
                send.HandleAsync(context, id, cancellationToken)
        );
        graph.MapGet("/{id}", (HttpContext context, string id, ReadObject read) => read.GetAsync(context, id));
        graph.MapGet("/{id}/phone_numbers", (HttpContext context, string id, ReadObject read) => read.ListNumbers(context, id));
        graph.MapPost("/{id}/subscribed_apps", (HttpContext context, string id, ReadObject read) => read.Subscribe(context, id));
        routes.Map(
            "/graph/{**path}",
            () => new GraphError(400, 100, "Unknown path components: /{version}/{id}/… is what the sandbox plays.", 2500).Answer()
        );
    }
}
