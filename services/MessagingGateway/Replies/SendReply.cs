using MassTransit;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// Queues an answer of the assistant, behind the one that it follows: two that lay in the queue are taken side by side.
/// Whether it goes is decided under the thread's lock, immediately before the call.
/// </summary>
internal sealed class SendReplyConsumer(GatewayDbContext db, TimeProvider clock) : IConsumer<ReplyGenerated>
{
    // One that does not come at all holds up the next no longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<ReplyGenerated> context)
    {
        var reply = context.Message;
        if (reply.Follows is { } before)
            await WaitForAsync(reply.TenantId, before, context.CancellationToken);
        await context.ConsumeOnceAsync(
            db,
            reply.TenantId,
            clock,
            (inner, token) => QueueReply.RunAsync(inner.Connection(), NewSend.Of(reply), clock.GetUtcNow(), token)
        );
    }

    private async Task WaitForAsync(TenantId tenant, ReplyId before, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look);
        for (var waited = TimeSpan.Zero; waited < Patience && !await IsQueuedAsync(tenant, before, cancellationToken); waited += Look)
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    private Task<bool> IsQueuedAsync(TenantId tenant, ReplyId reply, CancellationToken cancellationToken) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
                (await inner.Connection().ReadAsync("select 1 from send where reply_id = $1", [reply.Value], _ => true, token)).Count > 0,
            cancellationToken
        );
}
