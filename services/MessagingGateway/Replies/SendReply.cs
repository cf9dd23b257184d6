using System.Diagnostics;
using MassTransit;
using Npgsql;
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
            (inner, token) => QueueReply.RunAsync(inner.Connection(), context.Message, clock.GetUtcNow(), token)
        );
}

/// <summary>Writes the row of a reply, and the route by which a sender finds it. A second time changes nothing.</summary>
internal static class QueueReply
{
    /// <summary>Queues in the caller's transaction, which has named the tenant.</summary>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        ReplyGenerated reply,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var queued = await connection.RunAsync(
            """
            insert into send (tenant_id, reply_id, thread_id, channel_id, subject, turn_id, usage_id, first_sequence, answers, outcome,
                send_before, state, part, parts, attempts, next_at, resent, epoch, nonce, ciphertext, tag, created_at, trace_parent)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'Queued', 1, 1, 0, $12, false, $13, $14, $15, $16, $12, $17)
            on conflict (reply_id) do nothing
            """,
            [
                reply.TenantId.Value,
                reply.ReplyId.Value,
                reply.ThreadId.Value,
                reply.ChannelId.Value,
                reply.SubjectId.Value,
                reply.TurnId.Value,
                reply.UsageId?.Value,
                reply.FirstSequence,
                reply.Answers.Select(answer => answer.Value).ToArray(),
                reply.Outcome.ToString(),
                reply.SendBefore,
                now,
                reply.Content.Epoch,
                reply.Content.Nonce,
                reply.Content.Ciphertext,
                reply.Content.Tag,
                Activity.Current?.Id,
            ],
            cancellationToken
        );
        if (queued == 0)
            return;
        await connection.RunAsync(
            """
            insert into send_route (reply_id, tenant_id, thread_id, channel_id, first_sequence, next_at)
            values ($1, $2, $3, $4, $5, $6)
            """,
            [reply.ReplyId.Value, reply.TenantId.Value, reply.ThreadId.Value, reply.ChannelId.Value, reply.FirstSequence, now],
            cancellationToken
        );
        await connection.RunAsync("select pg_notify('send', '')", [], cancellationToken);
    }
}
