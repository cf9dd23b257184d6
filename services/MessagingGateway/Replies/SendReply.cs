using MassTransit;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Queues an answer of the assistant. Whether it goes is decided under the thread's lock, immediately before the call.</summary>
internal sealed class SendReplyConsumer(GatewayDbContext db, TimeProvider clock) : IConsumer<ReplyGenerated>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ReplyGenerated> context) =>
        context.ConsumeOnceAsync(
            db,
            context.Message.TenantId,
            clock,
            (inner, token) => QueueReply.RunAsync(inner.Connection(), NewSend.Of(context.Message), clock.GetUtcNow(), token)
        );
}
