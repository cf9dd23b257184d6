using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Opens what is to be said, at the last moment, and only to hand it to WhatsApp.</summary>
internal sealed class OpenReply(ContentSealer sealer)
{
    /// <summary>The formatted answer; null when its content no longer opens, or says nothing.</summary>
    public RenderedReply? Render(TenantId tenant, SendRow send)
    {
        var address = new ContentAddress(tenant, send.ThreadId, send.ReplyId.Value, ReplyContent.Kind);
        if (send.Content is not { } content || !sealer.TryOpen(address, content, out var opened))
            return null;
        return ReplyContent.TryParse(opened) is { } reply ? RenderedReply.Of(reply) : null;
    }
}
