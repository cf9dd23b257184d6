using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Replies;

/// <summary>WhatsApp took the reply: it stays in the memory until its epoch ends.</summary>
internal sealed class AcceptReplyConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<ReplyAccepted>
{
    public async Task Consume(ConsumeContext<ReplyAccepted> context)
    {
        var accepted = context.Message;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            accepted.TenantId,
            clock,
            async (inner, token) =>
            {
                var reply = await inner.Replies.SingleOrDefaultAsync(reply => reply.ReplyId == accepted.ReplyId, token);
                // Dropped as unknown and yet delivered: the contact has seen it, but its words are gone here.
                if (reply is null or { State: ReplyState.Accepted })
                    return;
                reply.State = ReplyState.Accepted;
                reply.DropReason = null;
                reply.SettledAt = accepted.AcceptedAt.ToUniversalTime();
            }
        );
    }
}

/// <summary>The reply was not sent: the contact never saw it, so the assistant must not remember it. Its messages stay closed.</summary>
internal sealed class DropReplyConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<ReplyDropped>
{
    public async Task Consume(ConsumeContext<ReplyDropped> context)
    {
        var dropped = context.Message;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            dropped.TenantId,
            clock,
            async (inner, token) =>
            {
                var reply = await inner.Replies.SingleOrDefaultAsync(reply => reply.ReplyId == dropped.ReplyId, token);
                if (reply is not { State: ReplyState.Generated })
                    return;
                reply.State = ReplyState.Dropped;
                reply.DropReason = dropped.Reason;
                reply.SettledAt = clock.GetUtcNow();
                reply.Content = null;
            }
        );
    }
}
