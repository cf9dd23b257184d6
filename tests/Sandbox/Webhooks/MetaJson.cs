using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WpAsis.Sandbox.Webhooks;

/// <summary>
/// Writes JSON as Meta puts it on the wire: pure ASCII, lower-case <c>\u00e4</c>, <c>\/</c>, and a few signs escaped that need not be.
/// A receiver that signs its own re-serialisation of the body therefore fails here as it does there.
/// </summary>
internal static class MetaJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonNode node)
    {
        var text = node.ToJsonString(Relaxed);
        var escaped = new StringBuilder(text.Length + 64);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\\' && text[i + 1] == 'u')
            {
                // The serializer escapes emoji itself, in upper case.
                escaped.Append("\\u").Append(text[(i + 2)..(i + 6)].ToLowerInvariant());
                i += 5;
            }
            else if (character == '\\')
                escaped.Append(character).Append(text[++i]);
            // The rest can only stand inside strings.
            else if (character == '/')
                escaped.Append("\\/");
            else if (character is '<' or '%' or '@')
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else if (character > 0x7e)
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                escaped.Append(character);
        }
        return Encoding.ASCII.GetBytes(escaped.ToString());
    }
}
