using Microsoft.AspNetCore.Mvc;

namespace WpAsis.Identity.Pages;

/// <summary>Where a page leads on to.</summary>
internal static class PageReturn
{
    /// <summary>Back into the issuer, and nowhere else: an address of another site would make us a signpost for phishing.</summary>
    public static string? Local(this IUrlHelper url, string? returnUrl) =>
        url.IsLocalUrl(returnUrl) && returnUrl.StartsWith("/connect/authorize?", StringComparison.Ordinal) ? returnUrl : null;
}
