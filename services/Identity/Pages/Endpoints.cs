using WpAsis.Identity.Clients;
using WpAsis.Web;

namespace WpAsis.Identity.Pages;

/// <summary>Sign-up, sign-in, confirmation, sign-out: open to everybody, each with its form token.</summary>
internal static class PagesFeature
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.AddWeb("identity").AddRazorPagesOptions(options => options.Conventions.AllowAnonymousToFolder("/"));
        // These write whole addresses: a confirmation's token, a client's state.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
    }

    /// <summary>Browsers check where a form leads in the end: signing in ends at the client that asked.</summary>
    public static void UsePages(this WebApplication app) =>
        app.UseWeb([
            .. KnownClients
                .All.Select(client => app.Configuration[$"Clients:{client.Id}:RedirectUri"])
                .OfType<string>()
                .Select(address => new Uri(address).GetLeftPart(UriPartial.Authority)),
        ]);

    public static void MapPages(this WebApplication app)
    {
        app.MapWeb();
        app.MapRazorPages();
        app.MapGet("/", () => Results.Redirect(app.Configuration["PublicUrls:Console"] ?? "/sign-in")).AllowAnonymous();
    }
}
