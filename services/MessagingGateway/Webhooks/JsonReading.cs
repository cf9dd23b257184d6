using System.Globalization;
using System.Text.Json;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Reads foreign JSON without ever throwing on its shape.</summary>
internal static class JsonReading
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    /// <summary>A text, or a number as text.</summary>
    public static string? Text(this JsonElement element, string name)
    {
        var member = element.Member(name);
        return member.ValueKind switch
        {
            JsonValueKind.String => member.GetString(),
            JsonValueKind.Number => member.GetRawText(),
            _ => null,
        };
    }

    public static int? Number(this JsonElement element, string name) =>
        int.TryParse(element.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Objects of an array; nothing where there is no array.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element, string name)
    {
        var member = element.Member(name);
        return member.ValueKind is JsonValueKind.Array ? member.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.Object) : [];
    }
}
