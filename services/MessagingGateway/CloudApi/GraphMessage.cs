using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.CloudApi;

/// <summary>
/// One message for a contact: text, or text with buttons. A class, not a record: it holds what was said and must not print it.
/// </summary>
internal sealed class GraphMessage
{
    /// <summary>Meta's limit for the text of a message.</summary>
    public const int MaxText = 4096;

    /// <summary>Meta's limit for the text above buttons.</summary>
    public const int MaxTextWithButtons = 1024;

    /// <summary>Meta's limit for buttons.</summary>
    public const int MaxButtons = 3;

    /// <summary>Meta's limit for the title of a button.</summary>
    public const int MaxButtonTitle = 20;

    // Meta reads UTF-8; escaping would only make the body longer. It is never shown in a page.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ours; it comes back in every status.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>The contact's number, where there is one.</summary>
    public WaId? To { get; init; }

    /// <summary>The contact's business-scoped id, for contacts without a number.</summary>
    public BusinessScopedUserId? Recipient { get; init; }

    /// <summary>What is said, in WhatsApp's formatting.</summary>
    public required string Text { get; init; }

    /// <summary>Titles of buttons; at most three.</summary>
    public IReadOnlyList<string> Buttons { get; init; } = [];

    internal byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(Text.Length + 512);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("messaging_product", "whatsapp");
            json.WriteString("recipient_type", "individual");
            if (To is { } to)
                json.WriteString("to", to.Reveal());
            else if (Recipient is { } recipient)
                json.WriteString("recipient", recipient.Reveal());
            else
                throw new InvalidOperationException("A message needs somebody to go to.");
            json.WriteString("biz_opaque_callback_data", MessageId.ToString());
            if (Buttons.Count == 0)
                WriteText(json);
            else
                WriteButtons(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Names the message only.</summary>
    public override string ToString() => MessageId.ToString();

    private void WriteText(Utf8JsonWriter json)
    {
        json.WriteString("type", "text");
        json.WriteStartObject("text");
        json.WriteBoolean("preview_url", false);
        json.WriteString("body", Text);
        json.WriteEndObject();
    }

    private void WriteButtons(Utf8JsonWriter json)
    {
        json.WriteString("type", "interactive");
        json.WriteStartObject("interactive");
        json.WriteString("type", "button");
        json.WriteStartObject("body");
        json.WriteString("text", Text);
        json.WriteEndObject();
        json.WriteStartObject("action");
        json.WriteStartArray("buttons");
        for (var i = 0; i < Buttons.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("type", "reply");
            json.WriteStartObject("reply");
            json.WriteString("id", $"{MessageId}-{i + 1}");
            json.WriteString("title", Buttons[i]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
