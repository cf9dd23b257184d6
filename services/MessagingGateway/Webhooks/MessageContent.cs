using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>What was said in one form for all kinds, as it is sealed: the words, and around them only what helps to answer.</summary>
internal static class MessageContent
{
    /// <summary>Kind in the address of words that a person of the business wrote.</summary>
    public const string Human = "human";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether an interactive message is an answer of the contact's.</summary>
    public static bool IsReply(JsonElement? interactive) =>
        interactive is { } part
        && (part.Object("button_reply") is not null || part.Object("list_reply") is not null || part.Object("nfm_reply") is not null);

    /// <summary>The content of a message; null where there are no words in it.</summary>
    public static byte[]? Write(JsonElement message, MessageId? quoted)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            WriteKind(json, message, message.Text("type") ?? "");
            if (quoted is { } id)
                json.WriteString("quotedMessageId", id.ToString());
            if (message.Object("referral") is { } ad)
                WriteTexts(json, "referral", ad, "headline", "body");
            json.WriteEndObject();
        }
        return bytes.Length <= 2 ? null : bytes.ToArray();
    }

    private static void WriteKind(Utf8JsonWriter json, JsonElement message, string type)
    {
        switch (type)
        {
            case "text":
                Copy(json, message.Object("text"), "body", "text");
                break;
            case "button":
                Copy(json, message.Object("button"), "text", "text");
                Copy(json, message.Object("button"), "payload", "buttonId");
                break;
            case "interactive":
                WriteInteractive(json, message.Object("interactive"));
                break;
            case "image" or "video" or "audio" or "document" or "sticker":
                Copy(json, message.Object(type), "caption", "caption");
                Copy(json, message.Object(type), "filename", "filename");
                if (message.Object(type)?.Flag("voice") is true)
                    json.WriteBoolean("voice", true);
                break;
            case "location":
                WriteLocation(json, message.Object("location"));
                break;
            case "contacts":
                WriteCards(json, message);
                break;
            case "order":
                WriteOrder(json, message.Object("order"));
                break;
            case "edit" when message.Object("edit")?.Object("message") is { } edited && edited.Text("type") is not "edit":
                WriteKind(json, edited, edited.Text("type") ?? "");
                break;
            default:
                break;
        }
    }

    private static void WriteInteractive(Utf8JsonWriter json, JsonElement? interactive)
    {
        if (interactive is not { } part)
            return;
        if ((part.Object("button_reply") ?? part.Object("list_reply")) is { } reply)
        {
            var description = reply.Text("description");
            json.WriteString("text", description is null ? reply.Text("title") : $"{reply.Text("title")}\n{description}");
            Copy(json, reply, "id", "buttonId");
        }
        else if (part.Object("nfm_reply") is { } form)
            json.WriteString("text", FormText(form));
    }

    // A form arrives as JSON inside a text, or as an object, or as neither.
    private static string FormText(JsonElement form)
    {
        try
        {
            using var inner = JsonDocument.Parse(form.Object("response_json")?.GetRawText() ?? form.Text("response_json") ?? "");
            if (inner.RootElement.ValueKind != JsonValueKind.Object)
                return form.Text("body") ?? "";
            var lines = new StringBuilder();
            foreach (var field in inner.RootElement.EnumerateObject().Where(field => field.Name != "flow_token"))
                lines.Append(
                    CultureInfo.InvariantCulture,
                    $"{field.Name}: {inner.RootElement.Text(field.Name) ?? field.Value.GetRawText()}\n"
                );
            return lines.ToString().TrimEnd();
        }
        catch (JsonException)
        {
            return form.Text("response_json") ?? form.Text("body") ?? "";
        }
    }

    private static void WriteLocation(Utf8JsonWriter json, JsonElement? location)
    {
        if (location is not { } place)
            return;
        json.WriteStartObject("location");
        Copy(json, place, "latitude", "latitude");
        Copy(json, place, "longitude", "longitude");
        Copy(json, place, "name", "name");
        Copy(json, place, "address", "address");
        json.WriteEndObject();
    }

    // Third persons' data: it stays content and dies with it.
    private static void WriteCards(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStartArray("contacts");
        foreach (var card in message.List("contacts"))
        {
            json.WriteStartObject();
            Copy(json, card.Object("name"), "formatted_name", "name");
            json.WriteStartArray("phones");
            foreach (var phone in card.List("phones"))
                json.WriteStringValue(phone.Text("phone") ?? "");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteOrder(Utf8JsonWriter json, JsonElement? order)
    {
        if (order is not { } cart)
            return;
        json.WriteStartObject("order");
        Copy(json, cart, "text", "text");
        json.WriteStartArray("items");
        foreach (var item in cart.List("product_items"))
            WriteTexts(json, null, item, "product_retailer_id", "quantity", "item_price", "currency");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string? name, JsonElement from, params ReadOnlySpan<string> members)
    {
        if (name is null)
            json.WriteStartObject();
        else
            json.WriteStartObject(name);
        foreach (var member in members)
            Copy(json, from, member, member);
        json.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement? from, string member, string name)
    {
        if (from?.Text(member) is { } text)
            json.WriteString(name, text);
    }
}
