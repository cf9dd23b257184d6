using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>A phone number in E.164.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<PhoneNumber>))]
public readonly record struct PhoneNumber : IPersonalValue<PhoneNumber>
{
    private readonly string? text;

    private PhoneNumber(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => Reveal().TrimStart('+');

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out PhoneNumber value)
    {
        return TryParse(text, null, out value);
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static PhoneNumber Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<PhoneNumber>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The last two digits.</summary>
    public override string ToString() => PersonalText.MaskDigits(text);

    /// <summary>Reads a number as people write it in a country (ISO 3166 code); with none it must be international.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, string? country, out PhoneNumber value)
    {
        value = PhoneDigits.TryE164(text, country, out var e164) ? new PhoneNumber(e164) : default;
        return !value.IsEmpty;
    }
}
