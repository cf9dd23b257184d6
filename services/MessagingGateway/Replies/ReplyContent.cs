using System.Text;
using System.Text.Json;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>What is to be said, as the responder sealed it. A class, not a record: it must not print itself.</summary>
internal sealed class ReplyContent
{
    /// <summary>What a reply's content is called in its address.</summary>
    public const string Kind = "reply";

    private ReplyContent(string text, IReadOnlyList<string> copyBlocks, IReadOnlyList<string> suggestedReplies)
    {
        Text = text;
        CopyBlocks = copyBlocks;
        SuggestedReplies = suggestedReplies;
    }

    /// <summary>The answer, in Markdown.</summary>
    public string Text { get; }

    /// <summary>What the contact will want to copy as it is: an account number, an address.</summary>
    public IReadOnlyList<string> CopyBlocks { get; }

    /// <summary>What the contact may want to say next.</summary>
    public IReadOnlyList<string> SuggestedReplies { get; }

    /// <summary>Reads the opened content; null when it is no answer.</summary>
    public static ReplyContent? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("text", out var text)
                || text.ValueKind != JsonValueKind.String
            )
                return null;
            var content = new ReplyContent(text.GetString()!, Texts(root, "copyBlocks"), Texts(root, "suggestedReplies"));
            return string.IsNullOrWhiteSpace(content.Text) && content.CopyBlocks.Count == 0 ? null : content;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The content of a text of our own, in the same form.</summary>
    public static byte[] Of(string text, string language) =>
        Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(
                new
                {
                    text,
                    language,
                    copyBlocks = Array.Empty<string>(),
                    suggestedReplies = Array.Empty<string>(),
                }
            )
        );

    private static List<string> Texts(JsonElement root, string name)
    {
        var texts = new List<string>();
        if (!root.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            return texts;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
                texts.Add(text.Trim());
        }
        return texts;
    }
}
