using System.Text;
using WpAsis.Privacy.Values;

namespace WpAsis.Identity.Passwords;

/// <summary>Twelve characters or more, never cut, no rules about kinds of letters; nothing that stands on the form beside it.</summary>
internal static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 128;
    private const int FewestDistinct = 5;

    /// <summary>What is wrong with it, as a key of the page texts; none when it will do.</summary>
    public static string? Fault(string password, EmailAddress email, PersonName name)
    {
        if (password.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar))
            return "PasswordUnreadable";
        var length = password.EnumerateRunes().Count();
        if (length < MinLength)
            return "PasswordTooShort";
        if (length > MaxLength)
            return "PasswordTooLong";
        if (password.Distinct().Count() < FewestDistinct || IsContext(password, email, name))
            return "PasswordTooEasy";
        return null;
    }

    // What is left without the words of the form must still be a password.
    private static bool IsContext(string password, EmailAddress email, PersonName name)
    {
        var rest = password.ToLowerInvariant();
        foreach (var word in email.Normalized.Split('@', '.').Concat(name.Normalized.Split(' ')).Append("wpasis"))
        {
            if (word.Length >= 4)
                rest = rest.Replace(word, "", StringComparison.Ordinal);
        }
        return rest.Length < MinLength / 2;
    }
}
