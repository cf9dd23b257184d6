using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WpAsis.Console.Pages;

/// <summary>What went wrong, in a sentence and with a way on. Never a trace.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
internal sealed class ErrorModel : PageModel
{
    /// <summary>End of the names of the texts.</summary>
    public string Kind { get; private set; } = "Other";

    public void OnGet(int code) => Say(code);

    public void OnPost(int code) => Say(code);

    private void Say(int code)
    {
        var error = HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error;
        var away = code == StatusCodes.Status503ServiceUnavailable;
        for (var cause = error; cause is not null && !away; cause = cause.InnerException)
            away = cause is HttpRequestException or TimeoutException or TaskCanceledException;
        if (away)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Kind =
            away ? "Away"
            : code == StatusCodes.Status404NotFound ? "Missing"
            : code == StatusCodes.Status403Forbidden ? "Forbidden"
            : code == StatusCodes.Status400BadRequest ? "Expired"
            : "Other";
    }
}
