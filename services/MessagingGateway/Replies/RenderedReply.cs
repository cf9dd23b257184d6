using WpAsis.MessagingGateway.CloudApi;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>An answer as WhatsApp shows it: one message as a rule, more where it is too long for one. It does not print itself.</summary>
internal sealed class RenderedReply
{
    private RenderedReply(IReadOnlyList<string> parts, IReadOnlyList<string> buttons)
    {
        Parts = parts;
        Buttons = buttons;
    }

    /// <summary>The texts, in order; at least one.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>Suggested replies, where they fit under a single short text.</summary>
    public IReadOnlyList<string> Buttons { get; }

    /// <summary>Formats an answer; null when nothing is left to say.</summary>
    public static RenderedReply? Of(ReplyContent content)
    {
        var blocks = content.CopyBlocks.Select(WhatsAppText.CopyBlock).Prepend(WhatsAppText.FromMarkdown(content.Text));
        var text = string.Join("\n\n", blocks.Where(block => block.Length > 0));
        if (text.Length == 0)
            return null;
        var buttons = text.Length <= GraphMessage.MaxTextWithButtons ? ButtonsOf(content) : [];
        return new(SplitText.Into(text, GraphMessage.MaxText), buttons);
    }

    /// <summary>A person's words go out as they were typed: their stars and dashes are WhatsApp's own.</summary>
    public static RenderedReply AsTyped(string text) => new(SplitText.Into(text, GraphMessage.MaxText), []);

    // A title that does not fit would be a promise cut in half, so it is left out.
    private static List<string> ButtonsOf(ReplyContent content) =>
        [
            .. content
                .SuggestedReplies.Select(InlineText.Plain)
                .Where(title => title.Length is > 0 and <= GraphMessage.MaxButtonTitle && !title.Contains('\n', StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Take(GraphMessage.MaxButtons),
        ];
}
