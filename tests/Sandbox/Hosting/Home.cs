namespace WpAsis.Sandbox.Hosting;

/// <summary>The front page with its links, the health probe, and the headers every page is served with.</summary>
internal static class Home
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health");
        routes.MapGet("/", (HttpContext context, Pages pages) => pages.Render(context, "home"));
    }

    public static void UsePageHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers.CacheControl = "no-store";
                return next(context);
            }
        );
}
