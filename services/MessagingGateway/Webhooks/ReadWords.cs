using System.Text.Json;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>What was said, in one form for all kinds.</summary>
/// <param name="Json">What is sealed and published; null where there are no words.</param>
/// <param name="Text">The bare text, for key words.</param>
/// <param name="Media">Media by Meta's id.</param>
internal sealed record Words(byte[]? Json, string? Text, IReadOnlyList<PayloadMedia> Media);

/// <summary>Normalises the words of Meta's kinds. Cards of third persons stay content and are never split into rows.</summary>
internal static class ReadWords
{
    private static readonly string[] MediaTypes = ["image", "audio", "video", "document", "sticker"];

    public static Words Of(JsonElement message, string type)
    {
        var part = message.Member(type);
        var caption = part.Text("caption");
        var (text, button) = TextOf(part, type);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, "text", text);
            Write(json, "caption", caption);
            Write(json, "buttonId", button);
            if (MediaTypes.Contains(type, StringComparer.Ordinal))
                Write(json, "fileName", part.Text("filename"));
            if (type is "location" or "contacts" or "order" && part.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                json.WritePropertyName(type);
                part.WriteTo(json);
            }
            json.WriteEndObject();
        }
        var isEmpty = buffer.WrittenCount <= 2;
        return new(isEmpty ? null : buffer.WrittenSpan.ToArray(), text, MediaOf(part, type));
    }

    private static (string? Text, string? Button) TextOf(JsonElement part, string type)
    {
        switch (type)
        {
            case "text":
                return (part.Text("body"), null);
            case "button":
                return (part.Text("text"), part.Text("payload"));
            case "interactive":
                var reply = part.Member(part.Text("type") ?? "");
                var text = reply.Text("title") ?? reply.Text("body") ?? reply.Text("response");
                return (text, reply.Text("id"));
            default:
                return (null, null);
        }
    }

    private static PayloadMedia[] MediaOf(JsonElement part, string type) =>
        MediaTypes.Contains(type, StringComparer.Ordinal) && part.Text("id") is { Length: > 0 and <= 512 } id
            ? [new(id, Shortened(part.Text("mime_type")) ?? "application/octet-stream", Shortened(part.Text("sha256")))]
            : [];

    private static string? Shortened(string? text) => text is { Length: > 0 } ? text[..Math.Min(text.Length, 128)] : null;

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            json.WriteString(name, value);
    }
}
