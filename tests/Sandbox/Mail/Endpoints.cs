using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Mail;

internal static class Endpoints
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddSingleton<MailBox>();
        services.AddHostedService<MailRelay>();
    }

    public static void MapMail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mail", (HttpContext context, Pages pages) => pages.Render(context, "mail"));
        routes.MapGet("/_sandbox/mail", (string? to, long? after, MailBox box) => box.List(to, after));
    }
}
