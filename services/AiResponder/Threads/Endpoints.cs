namespace WpAsis.AiResponder.Threads;

internal static class Endpoints
{
    public static void MapThreads(this IEndpointRouteBuilder routes) => routes.MapReadContent();
}
