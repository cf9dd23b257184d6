using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Attempts;

namespace WpAsis.Identity.Pages;

/// <summary>The link of the mail leads here. A button confirms: programs that look at links in mails must not.</summary>
internal sealed class ConfirmModel(Confirmation confirmation, PayAttempt attempts, Allowances allowances, IConfiguration configuration)
    : PageModel
{
    public string? Token { get; private set; }

    /// <summary>Nothing until the button was pressed.</summary>
    public bool? Outcome { get; private set; }

    public string Console => configuration["PublicUrls:Console"] ?? "/sign-in";

    public void OnGet(string? token)
    {
        Token = token;
        // The address of this page is a secret.
        Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    public async Task<IActionResult> OnPostAsync(string? token, CancellationToken cancellationToken)
    {
        var from = PayAttempt.Counted(HttpContext.Connection.RemoteIpAddress);
        Outcome =
            await attempts.TryPayAsync(allowances.ConfirmationByAddress, from, cancellationToken)
            && await confirmation.TryConfirmAsync(token, cancellationToken);
        if (Outcome is false)
            Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
