using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Reads what strangers write: members may be missing, of another kind, or hold text that is not well formed. Nothing throws.
/// </summary>
internal static class JsonReading
{
    /// <summary>A member that is there and is not null.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <summary>An object.</summary>
    public static JsonElement? Object(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } found ? found : null;

    /// <summary>The members of an array; none where there is no array.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    /// <summary>A text, or a number as text; null when it is neither or says nothing.</summary>
    public static string? Text(this JsonElement element, string name)
    {
        var text = element.Member(name) switch
        {
            { ValueKind: JsonValueKind.String } found => found.WellFormed(),
            { ValueKind: JsonValueKind.Number } found => found.GetRawText(),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A true or false.</summary>
    public static bool? Flag(this JsonElement element, string name) =>
        element.Member(name) switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => null,
        };

    /// <summary>A whole number, also when it is written as text.</summary>
    public static int? Number(this JsonElement element, string name) =>
        int.TryParse(element.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A short word of Meta's for a column: printable, and cut where it is too long. PostgreSQL takes no NUL character.</summary>
    public static string? Word(this JsonElement element, string name, int most = 64)
    {
        if (element.Text(name) is not { } text)
            return null;
        var clean = string.Concat(text.Where(letter => letter is > ' ' and <= '~' or ' ').Take(most)).Trim();
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>
    /// An id of Meta's by which something is looked up: as it is or not at all, because a cleaned one could be another's.
    /// </summary>
    public static string? Id(this JsonElement element, string name) =>
        element.Text(name) is { Length: <= 64 } text && text.All(letter => letter is > ' ' and <= '~') ? text : null;

    /// <summary>The bytes as they arrived.</summary>
    public static byte[] Utf8Bytes(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    /// <summary>How long it was when it arrived.</summary>
    public static int Length(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;

    // Half of a surrogate pair is valid JSON and no valid text: it becomes the replacement character.
    private static string WellFormed(this JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element)[1..^1]));
        }
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
                text.Append(
                    raw[i] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'b' => '\b',
                        'f' => '\f',
                        var same => same,
                    }
                );
        }
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
