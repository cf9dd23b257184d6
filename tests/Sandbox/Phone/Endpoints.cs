using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Phone;

internal static class Endpoints
{
    public static void AddPhone(this IServiceCollection services)
    {
        services.AddSingleton<Chats>();
        services.AddSingleton<OpenPhone>();
        services.AddSingleton<WriteFromPhone>();
        services.AddSingleton<GatewayAccount>();
        services.AddSingleton<ShowStored>();
    }

    public static void MapPhone(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/phone", (HttpContext context, Pages pages) => pages.Render(context, "phone"));
        routes.MapPost("/phone/chats", (OpenPhoneRequest request, OpenPhone open) => open.Identify(request));
        routes.MapGet(
            "/phone/chats/{key}/events",
            (string key, OpenPhone open, CancellationToken cancellationToken) => open.Listen(key, cancellationToken)
        );
        routes.MapPost(
            "/phone/chats/{key}/messages",
            (string key, WriteRequest request, WriteFromPhone write) => write.HandleAsync(key, request)
        );
        // The id of a bubble is a wamid: it stays out of the address.
        routes.MapPost(
            "/phone/chats/{key}/stored",
            (HttpContext context, string key, StoredRequest request, ShowStored show) => show.HandleAsync(context, key, request.Id)
        );
        routes.MapGet("/phone/media/{id}", (string id, WriteFromPhone write) => write.Media(id));
    }
}

/// <summary>Which bubble is asked about.</summary>
internal sealed record StoredRequest(string Id);
