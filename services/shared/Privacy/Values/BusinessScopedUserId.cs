using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>A WhatsApp user's id towards one business (Meta's <c>user_id</c>): opaque, and new when the number changes.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<BusinessScopedUserId>))]
public readonly record struct BusinessScopedUserId : IPersonalValue<BusinessScopedUserId>
{
    private readonly string? text;

    private BusinessScopedUserId(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => Reveal().Trim();

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out BusinessScopedUserId value)
    {
        value = PersonalText.TryOpaque(text, out var opaque) ? new BusinessScopedUserId(opaque) : default;
        return !value.IsEmpty;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static BusinessScopedUserId Parse(string text) =>
        TryParse(text, out var value) ? value : throw PersonalText.Refusal<BusinessScopedUserId>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>The first letter.</summary>
    public override string ToString() => PersonalText.MaskText(text);
}
