using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>A WhatsApp user's id: mostly the phone number's digits, but nothing relies on that.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<WaId>))]
public readonly record struct WaId : IPersonalValue<WaId>
{
    private readonly string? text;

    private WaId(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => PhoneDigits.Of(Reveal());

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out WaId value)
    {
        value = PersonalText.TryOpaque(text, out var opaque) ? new WaId(opaque) : default;
        return !value.IsEmpty;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static WaId Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<WaId>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The last two digits.</summary>
    public override string ToString() => PersonalText.MaskDigits(text);
}
