using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.AiResponder.Replies;

/// <summary>
/// The one place in this service that opens what was said: a turn and its memory need the words for as long as one model call, a
/// person who takes over for as long as one page.
/// Cards of third persons are counted, never quoted.
/// </summary>
internal sealed class ContentReader(ContentSealer sealer)
{
    private const int MaxOrder = 1_000;

    /// <summary>The words as the model may read them; empty where there are none, or where the bytes are not what they should be.</summary>
    public string Open(TenantId tenant, ThreadId thread, Guid item, string kind, SealedContent content, out bool expired)
    {
        expired = false;
        try
        {
            var address = new ContentAddress(tenant, thread, item, kind.ToLowerInvariant());
            if (sealer.TryOpen(address, content, out var bytes))
                return Describe(bytes);
            expired = true;
            return "";
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            return "";
        }
    }

    /// <summary>The words of the gateway's JSON in one text.</summary>
    internal static string Describe(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind is not JsonValueKind.Object)
            return "";
        var lines = new List<string>();
        Add(lines, Text(root, "text"));
        Add(lines, Text(root, "caption"));
        if (root.TryGetProperty("location", out var location) && location.ValueKind is JsonValueKind.Object)
            Add(
                lines,
                string.Join(", ", new[] { "[location]", Text(location, "name"), Text(location, "address") }.Where(part => part is not ""))
            );
        if (root.TryGetProperty("contacts", out var cards) && cards.ValueKind is JsonValueKind.Array)
            Add(lines, string.Create(CultureInfo.InvariantCulture, $"[contact cards: {cards.GetArrayLength()}]"));
        if (root.TryGetProperty("order", out var order) && order.ValueKind is JsonValueKind.Object)
            Add(lines, "[order] " + Cut(order.GetRawText()));
        return string.Join('\n', lines);
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()!.Trim() : "";

    private static string Cut(string text) => text.Length <= MaxOrder ? text : text[..MaxOrder];

    private static void Add(List<string> lines, string text)
    {
        if (text.Length > 0)
            lines.Add(text);
    }
}
