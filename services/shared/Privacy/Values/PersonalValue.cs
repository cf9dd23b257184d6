using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>
/// A value that belongs to a person. It prints masked, has no conversion to text and refuses to be written as JSON,
/// so that it cannot slip into a log, an exception, a payload or a queue; <see cref="Reveal"/> is the one way out.
/// </summary>
/// <typeparam name="TSelf">The value itself.</typeparam>
public interface IPersonalValue<TSelf>
    where TSelf : struct, IPersonalValue<TSelf>
{
    /// <summary>There is nothing in it: the default value, or an empty text in a foreign payload.</summary>
    bool IsEmpty { get; }

    /// <summary>The one form under which look-ups find it, for blind indexes. As personal as the value.</summary>
    string Normalized { get; }

    /// <summary>The text in clear. Whoever calls it answers for where the text goes.</summary>
    string Reveal();

    /// <summary>Reads a text; false when it cannot be such a value.</summary>
    static abstract bool TryParse([NotNullWhen(true)] string? text, out TSelf value);
}

/// <summary>Reads a personal value out of a foreign payload, and never writes one into ours.</summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class ReadOnlyPersonalConverter<TValue> : JsonConverter<TValue>
    where TValue : struct, IPersonalValue<TValue>
{
    /// <summary>An empty text reads as the empty value: one odd profile must not make a whole payload unreadable.</summary>
    public override TValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"Expected a text for {typeof(TValue).Name}.");
        var text = reader.GetString();
        if (string.IsNullOrWhiteSpace(text))
            return default;
        return TValue.TryParse(text, out var value) ? value : throw new JsonException($"Not a {typeof(TValue).Name}.");
    }

    /// <summary>Always refuses.</summary>
    public override void Write(Utf8JsonWriter writer, TValue value, JsonSerializerOptions options) => throw Refusal();

    /// <summary>Always refuses.</summary>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, [DisallowNull] TValue value, JsonSerializerOptions options) =>
        throw Refusal();

    private static NotSupportedException Refusal() =>
        new($"{typeof(TValue).Name} is personal and is not written as JSON; reveal or seal it on purpose.");
}

internal static class PersonalText
{
    /// <summary>Longest opaque id taken from Meta.</summary>
    public const int MaxOpaque = 512;

    private const string Hidden = "***";

    public static bool TryOpaque([NotNullWhen(true)] string? text, out string opaque)
    {
        opaque = text ?? "";
        return !string.IsNullOrWhiteSpace(text) && text.Length <= MaxOpaque;
    }

    /// <summary>The last two digits, where they are few among many.</summary>
    public static string MaskDigits(string? text) =>
        text is { Length: >= 8 } && char.IsAsciiDigit(text[^1]) && char.IsAsciiDigit(text[^2]) ? Hidden + text[^2..] : Hidden;

    /// <summary>The first letter.</summary>
    public static string MaskText(string? text)
    {
        if (string.IsNullOrEmpty(text) || Rune.DecodeFromUtf16(text, out var first, out _) != System.Buffers.OperationStatus.Done)
            return Hidden;
        return Rune.IsLetter(first) ? first + Hidden : Hidden;
    }

    /// <summary>Never throws on what people type: lone surrogates make Normalize throw, so they are replaced first.</summary>
    public static string Compatible(string text) => WellFormed(text).Normalize(NormalizationForm.FormKC);

    public static string WellFormed(string text)
    {
        foreach (var letter in text)
        {
            if (char.IsSurrogate(letter))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }
        return text;
    }

    public static FormatException Refusal<TValue>() => new($"Not a {typeof(TValue).Name}.");
}
