using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WpAsis.Console.Apis;
using WpAsis.Console.Texts;

namespace WpAsis.Console.Pages;

/// <summary>What the assistant may say about the business.</summary>
internal sealed class AssistantModel(ResponderApi responder, IStringLocalizer<ConsoleTexts> texts) : PageModel
{
    [BindProperty]
    public string AssistantName { get; set; } = "";

    [BindProperty]
    public string BusinessName { get; set; } = "";

    [BindProperty]
    public string? Facts { get; set; }

    [BindProperty]
    public string? Tone { get; set; }

    [BindProperty]
    public string? Languages { get; set; }

    [BindProperty]
    public string? Scope { get; set; }

    [BindProperty]
    public string? HumanContact { get; set; }

    [BindProperty]
    public string? Disclosure { get; set; }

    [BindProperty]
    public string? DeniedText { get; set; }

    /// <summary>The version that is edited: two people's changes do not write over each other.</summary>
    [BindProperty]
    public int Version { get; set; }

    [BindProperty(SupportsGet = true, Name = "saved")]
    public bool Saved { get; set; }

    public ApiProblem? Problem { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var profile = await responder.GetProfileAsync(cancellationToken);
        Problem = profile.Missing ? null : profile.Problem;
        if (profile.Value is not { } known)
            return;
        (AssistantName, BusinessName, Facts, Tone) = (known.AssistantName, known.BusinessName, known.Facts, known.Tone);
        (Languages, Scope, HumanContact) = (string.Join(", ", known.Languages), known.Scope, known.HumanContact);
        (Disclosure, DeniedText, Version) = (known.Disclosure, known.DeniedText, known.Version);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
            return Page();
        var languages = (Languages ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var facts = (Facts ?? "").ReplaceLineEndings("\n");
        var saved = await responder.PutProfileAsync(
            new(AssistantName, BusinessName, facts, Tone ?? "", languages, Scope ?? "", HumanContact ?? "", Disclosure, DeniedText),
            Version,
            cancellationToken
        );
        if (saved.Ok)
            return RedirectToPage(new { saved = true });

        Problem = saved.Problem;
        ModelState.AddErrors(saved.Problem, texts, "Assistant");
        return Page();
    }
}
