namespace WpAsis.AiResponder.Profiles;

/// <summary>What a profile may hold: bounded, so that a prompt is bounded.</summary>
internal static class ProfileRules
{
    public const int MaxFacts = 6_000;
    private const int MaxName = 80;
    private const int MaxLine = 500;
    private const int MaxText = 1_000;

    /// <summary>Languages whose fixed texts exist.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["tr", "en"];

    /// <summary>Errors by field; empty when it may be published.</summary>
    public static Dictionary<string, string[]> Check(ProfileText text)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Required(errors, "assistantName", text.AssistantName, MaxName);
        Required(errors, "businessName", text.BusinessName, MaxName);
        Required(errors, "facts", text.Facts, MaxFacts);
        Bounded(errors, "tone", text.Tone, MaxLine);
        Bounded(errors, "scope", text.Scope, MaxText);
        Bounded(errors, "humanContact", text.HumanContact, MaxLine);
        Bounded(errors, "disclosure", text.Disclosure, MaxLine);
        Bounded(errors, "deniedText", text.DeniedText, MaxText);
        if (text.Languages.Count == 0 || text.Languages.Except(Languages, StringComparer.Ordinal).Any())
            errors["languages"] = [$"One or more of: {string.Join(", ", Languages)}."];
        else if (text.Languages.Distinct(StringComparer.Ordinal).Count() != text.Languages.Count)
            errors["languages"] = ["Each language once."];
        return errors;
    }

    private static void Required(Dictionary<string, string[]> errors, string field, string value, int most)
    {
        if (value.Length == 0)
            errors[field] = ["Required."];
        else
            Bounded(errors, field, value, most);
    }

    private static void Bounded(Dictionary<string, string[]> errors, string field, string? value, int most)
    {
        if (value?.Length > most)
            errors[field] = [$"At most {most} characters."];
    }
}
