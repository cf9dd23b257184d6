using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace WpAsis.Console.SignIn;

/// <summary>A session that was ended elsewhere ends here with the next click: the first API that refuses its token says so.</summary>
internal sealed class SignOutEnded : IAsyncPageFilter
{
    private const string Ended = "session-ended";

    /// <summary>An API refused the token of this request.</summary>
    public static void Mark(HttpContext context) => context.Items[Ended] = true;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next();
        if (!context.HttpContext.Items.ContainsKey(Ended))
            return;
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        executed.Result = new RedirectToPageResult("/Welcome", new { ended = true });
    }
}
