using WpAsis.Console.SignIn;
using WpAsis.Web;

namespace WpAsis.Console.Pages;

/// <summary>Pages for people: what goes wrong is a page too.</summary>
internal static class PagesExtensions
{
    public static void AddPages(this WebApplicationBuilder builder) =>
        builder
            .AddWeb("console")
            .AddRazorPagesOptions(pages =>
            {
                pages.Conventions.AllowAnonymousToPage("/Welcome");
                pages.Conventions.AllowAnonymousToPage("/Error");
            })
            .AddMvcOptions(mvc => mvc.Filters.Add<SignOutEnded>());

    /// <summary>After the service's own handlers, which answer machines.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler("/error/500");
        app.UseStatusCodePagesWithReExecute("/error/{0}");
    }
}
