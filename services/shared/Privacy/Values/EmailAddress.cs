using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>An e-mail address.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<EmailAddress>))]
public readonly record struct EmailAddress : IPersonalValue<EmailAddress>
{
    /// <summary>As long as a mail path may be (RFC 5321).</summary>
    public const int MaxLength = 254;

    private const int MaxLocal = 64;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" \t\r\n\0\"(),:;<>[\\]\u00A0\u2028\u2029");
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };
    private readonly string? text;

    private EmailAddress(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => TryNormalize(Reveal(), out var normalized) ? normalized : "";

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out EmailAddress value)
    {
        value = default;
        var trimmed = text?.Trim() ?? "";
        if (!TryNormalize(trimmed, out _))
            return false;
        value = new EmailAddress(trimmed);
        return true;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static EmailAddress Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<EmailAddress>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The first letter.</summary>
    public override string ToString() => PersonalText.MaskText(text);

    // NFKC, lower case, and the domain as DNS knows it: one person, one row, however the address was typed.
    private static bool TryNormalize(string text, out string normalized)
    {
        normalized = "";
        if (text.Length is < 3 or > MaxLength || text.AsSpan().ContainsAny(Forbidden))
            return false;
        var compatible = PersonalText.Compatible(text);
        var at = compatible.LastIndexOf('@');
        if (at is < 1 or > MaxLocal || at == compatible.Length - 1 || compatible.AsSpan().ContainsAny(Forbidden))
            return false;
        if (compatible.AsSpan(0, at).Contains('@') || !TryDomain(compatible[(at + 1)..], out var domain))
            return false;
        normalized = compatible[..at].ToLowerInvariant() + "@" + domain;
        return normalized.Length <= MaxLength;
    }

    private static bool TryDomain(string text, out string domain)
    {
        domain = "";
        try
        {
            domain = Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }
        return Uri.CheckHostName(domain) == UriHostNameType.Dns;
    }
}
