using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>Meta's id of a message. It holds the contact's number in base64, so it is as personal as the number.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<Wamid>))]
public readonly record struct Wamid : IPersonalValue<Wamid>
{
    private readonly string? text;

    private Wamid(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => Reveal().Trim();

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out Wamid value)
    {
        value = PersonalText.TryOpaque(text, out var opaque) ? new Wamid(opaque) : default;
        return !value.IsEmpty;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static Wamid Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<Wamid>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "wamid";
}
