using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Opens what is to be said, at the last moment, and only to hand it to WhatsApp.</summary>
internal sealed class OpenReply(ContentSealer sealer)
{
    /// <summary>The formatted answer, or a person's as it was typed; null when its content no longer opens, or says nothing.</summary>
    public RenderedReply? Render(TenantId tenant, SendRow send)
    {
        // A person's words are sealed as the message that they become: the same bytes tell the responder.
        var address = send.IsByPerson
            ? new ContentAddress(tenant, send.ThreadId, PrepareCall.MessageIdOf(send).Value, MessageContent.Human)
            : new ContentAddress(tenant, send.ThreadId, send.ReplyId.Value, ReplyContent.Kind);
        if (send.Content is not { } content || !sealer.TryOpen(address, content, out var opened))
            return null;
        if (ReplyContent.TryParse(opened) is not { } reply)
            return null;
        return send.IsByPerson ? RenderedReply.AsTyped(reply.Text) : RenderedReply.Of(reply);
    }
}
