using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>A WhatsApp user's chosen name, without or with its at sign.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<Username>))]
public readonly record struct Username : IPersonalValue<Username>
{
    private readonly string? text;

    private Username(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => PersonalText.Compatible(Reveal()).Trim().TrimStart('@').ToLowerInvariant();

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out Username value)
    {
        value = PersonalText.TryOpaque(text, out var opaque) ? new Username(opaque) : default;
        return !value.IsEmpty;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static Username Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<Username>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The first letter.</summary>
    public override string ToString() => PersonalText.MaskText(text);
}
