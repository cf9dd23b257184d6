using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WpAsis.Console.Pages;

/// <summary>The door: sign in or sign up, both at identity.</summary>
internal sealed class WelcomeModel(IConfiguration configuration) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Failed { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Ended { get; set; }

    public string SignUpUrl => configuration["Auth:Authority"]!.TrimEnd('/') + "/sign-up";
}
