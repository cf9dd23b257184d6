using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Identity.Sessions;

namespace WpAsis.Identity.Pages;

/// <summary>Sign out, asked for by the person.</summary>
internal sealed class SignOutModel(SignOut signOut) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await HttpContext.CurrentSessionAsync() is { } session)
            await signOut.EndAsync(session.SessionId, cancellationToken);
        await HttpContext.SignOutAsync(SessionsFeature.Scheme);
        return LocalRedirect("/signed-out");
    }
}
