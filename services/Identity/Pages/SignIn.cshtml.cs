using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Identity.Sessions;

namespace WpAsis.Identity.Pages;

/// <summary>Sign in by password.</summary>
internal sealed class SignInModel(SignIn signIn, SignOut signOut, IConfiguration configuration) : PageModel
{
    public string? ReturnUrl { get; private set; }

    public string? Email { get; private set; }

    /// <summary>Key of the sentence that says what went wrong.</summary>
    public string? Fault { get; private set; }

    public void OnGet(string? returnUrl) => ReturnUrl = Url.Local(returnUrl);

    public async Task<IActionResult> OnPostAsync(string? email, string? password, string? returnUrl, CancellationToken cancellationToken)
    {
        ReturnUrl = Url.Local(returnUrl);
        Email = email;
        var (result, session) = await signIn.TryAsync(
            email ?? "",
            password ?? "",
            HttpContext.Connection.RemoteIpAddress,
            cancellationToken
        );
        if (session is null)
        {
            Fault = result is SignInOutcome.TooMany ? "TooMany" : "SignInRefused";
            if (result is SignInOutcome.TooMany)
                Response.Headers.RetryAfter = "180";
            Response.StatusCode =
                result is SignInOutcome.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        // Whoever was signed in on this browser before is so no longer.
        if (await HttpContext.CurrentSessionAsync() is { } before)
            await signOut.EndAsync(before.SessionId, cancellationToken);
        await HttpContext.SignInAsync(SessionsFeature.Scheme, CheckSession.Cookie(session));
        return ReturnUrl is null ? Redirect(configuration["PublicUrls:Console"] ?? "/signed-out") : LocalRedirect(ReturnUrl);
    }
}
