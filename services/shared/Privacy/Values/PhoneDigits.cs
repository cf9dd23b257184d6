using System.Diagnostics.CodeAnalysis;
using PhoneNumbers;

namespace WpAsis.Privacy.Values;

internal static class PhoneDigits
{
    private const int MaxLength = 64;
    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    /// <summary>E.164 with its plus sign.</summary>
    public static bool TryE164([NotNullWhen(true)] string? text, string? country, [NotNullWhen(true)] out string? e164)
    {
        e164 = null;
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length is 0 or > MaxLength || trimmed.AsSpan().ContainsAnyExcept(Accepted))
            return false;
        if (country is null && trimmed[0] != '+')
            trimmed = "+" + trimmed;
        try
        {
            var number = Library.Parse(trimmed, country);
            // Extensions do not travel in E.164; a number with one would be another person's line.
            if (number.HasExtension || !Library.IsPossibleNumber(number))
                return false;
            e164 = Library.Format(number, PhoneNumberFormat.E164);
            return true;
        }
        catch (NumberParseException)
        {
            return false;
        }
    }

    /// <summary>E.164 digits where the text is a number; else its digits; else the trimmed text.</summary>
    public static string Of(string text)
    {
        if (TryE164(text, null, out var e164))
            return e164[1..];
        var trimmed = text.Trim();
        var digits = string.Concat(trimmed.Where(char.IsAsciiDigit));
        return digits.Length > 0 && !trimmed.Any(char.IsLetter) ? digits : trimmed;
    }

    private static readonly System.Buffers.SearchValues<char> Accepted = System.Buffers.SearchValues.Create("+0123456789 ()-./\u00A0");
}
