using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>A person's name, as they or their phone wrote it.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<PersonName>))]
public readonly record struct PersonName : IPersonalValue<PersonName>
{
    /// <summary>Longer names are cut here.</summary>
    public const int MaxLength = 256;

    private readonly string? text;

    private PersonName(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => PersonalText.Compatible(Reveal()).ToLowerInvariant();

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out PersonName value)
    {
        value = default;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var clean = Clean(text);
        value = clean.Length == 0 ? default : new PersonName(clean);
        return !value.IsEmpty;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static PersonName Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<PersonName>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The first letter.</summary>
    public override string ToString() => PersonalText.MaskText(text);

    // Names come from strangers: what cannot be printed becomes a space, what is too long is cut, nothing is refused.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaxLength)
                break;
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        return clean.ToString().Trim();
    }
}
