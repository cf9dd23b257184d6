using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.WebEncoders;
using WpAsis.Web.Localization;
using WpAsis.Web.Security;

namespace WpAsis.Web;

/// <summary>What every page of ours shares: layout, languages, cookies, headers.</summary>
public static class WebExtensions
{
    /// <summary>Razor pages in Turkish and English, with cookies that carry the service's name (cookies ignore ports).</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Resource name of the service.</param>
    public static IMvcBuilder AddWeb(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddLocalization();
        builder.Services.AddLanguages();
        // Turkish letters as letters: a page's source is read by people too.
        builder.Services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = $"__Host-{service}-form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.FormFieldName = "form_token";
        });
        return builder.Services.AddRazorPages().AddViewLocalization();
    }

    /// <summary>Security headers and the reader's language. Before routing.</summary>
    /// <param name="app">The application.</param>
    /// <param name="formTargets">Other origins that a form may lead to, for example identity's after sign-in.</param>
    public static void UseWeb(this WebApplication app, params string[] formTargets)
    {
        app.UseSecurityHeaders(PageHeaders.Policy(formTargets));
        app.UseRequestLocalization();
    }

    /// <summary>Static files of the layout and the language switch.</summary>
    public static void MapWeb(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapSwitchLanguage();
    }
}
