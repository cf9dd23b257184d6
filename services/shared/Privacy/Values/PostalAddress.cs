using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>A postal address as one text of lines.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<PostalAddress>))]
public readonly record struct PostalAddress : IPersonalValue<PostalAddress>
{
    /// <summary>Longer texts are no address.</summary>
    public const int MaxLength = 1000;

    private readonly string? text;

    private PostalAddress(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized =>
        string.Join(' ', PersonalText.Compatible(Reveal()).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out PostalAddress value)
    {
        var clean = text?.Trim() ?? "";
        value = clean.Length is > 0 and <= MaxLength ? new PostalAddress(clean) : default;
        return !value.IsEmpty;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static PostalAddress Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<PostalAddress>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The first letter.</summary>
    public override string ToString() => PersonalText.MaskText(text);
}
