using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WpAsis.Web.Localization;

/// <summary>Turkish and English: by the reader's choice (a cookie), else by the browser.</summary>
public static class Languages
{
    /// <summary>Languages there are texts for; the first is the default.</summary>
    public static IReadOnlyList<string> All { get; } = ["en", "tr"];

    internal const string CookieName = "__Host-language";

    /// <summary>The language of this request: <c>tr</c> or <c>en</c>.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    internal static void AddLanguages(this IServiceCollection services) =>
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture(All[0]).AddSupportedCultures([.. All]).AddSupportedUICultures([.. All]);
            options.RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = "ui_locales", UIQueryStringKey = "ui_locales" },
                new CookieRequestCultureProvider { CookieName = CookieName },
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });

    // No token: whoever makes a reader's browser send this can make them read another language.
    internal static void MapSwitchLanguage(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/language", Switch).AllowAnonymous().DisableAntiforgery();

    private static RedirectHttpResult Switch(HttpContext context, [FromForm] string language, [FromForm] string returnUrl)
    {
        if (All.Contains(language, StringComparer.Ordinal))
        {
            context.Response.Cookies.Append(
                CookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
                new CookieOptions
                {
                    Secure = true,
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    Path = "/",
                    MaxAge = TimeSpan.FromDays(365),
                    IsEssential = true,
                }
            );
        }
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }
}
