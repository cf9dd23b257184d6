using System.Diagnostics;
using Npgsql;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>What is to be sent: an answer of the assistant, or of a person of the business.</summary>
internal sealed record NewSend
{
    public required TenantId TenantId { get; init; }

    public required ReplyId ReplyId { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required ChannelId ChannelId { get; init; }

    public required DataSubjectId Subject { get; init; }

    public TurnId? TurnId { get; init; }

    public UsageId? UsageId { get; init; }

    public AccountId? AccountId { get; init; }

    public long FirstSequence { get; init; }

    public IReadOnlyList<MessageId> Answers { get; init; } = [];

    public ReplyOutcome Outcome { get; init; } = ReplyOutcome.Answered;

    public required DateTimeOffset SendBefore { get; init; }

    public required SealedContent Content { get; init; }

    public static NewSend Of(ReplyGenerated reply) =>
        new()
        {
            TenantId = reply.TenantId,
            ReplyId = reply.ReplyId,
            ThreadId = reply.ThreadId,
            ChannelId = reply.ChannelId,
            Subject = reply.SubjectId,
            TurnId = reply.TurnId,
            UsageId = reply.UsageId,
            FirstSequence = reply.FirstSequence,
            Answers = reply.Answers,
            Outcome = reply.Outcome,
            SendBefore = reply.SendBefore,
            Content = reply.Content,
        };
}

/// <summary>Writes the row of a reply, and the route by which a sender finds it. A second time changes nothing.</summary>
internal static class QueueReply
{
    /// <summary>Queues in the caller's transaction, which has named the tenant; false when it was queued before.</summary>
    public static async Task<bool> RunAsync(
        NpgsqlConnection connection,
        NewSend send,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var queued = await connection.RunAsync(
            """
            insert into send (tenant_id, reply_id, thread_id, channel_id, subject, turn_id, usage_id, account_id, first_sequence, answers,
                outcome, send_before, state, part, parts, attempts, next_at, resent, epoch, nonce, ciphertext, tag, created_at,
                trace_parent)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'Queued', 1, 1, 0, $13, false, $14, $15, $16, $17, $13, $18)
            on conflict (reply_id) do nothing
            """,
            [
                send.TenantId.Value,
                send.ReplyId.Value,
                send.ThreadId.Value,
                send.ChannelId.Value,
                send.Subject.Value,
                send.TurnId?.Value,
                send.UsageId?.Value,
                send.AccountId?.Value,
                send.FirstSequence,
                send.Answers.Select(answer => answer.Value).ToArray(),
                send.Outcome.ToString(),
                send.SendBefore,
                now,
                send.Content.Epoch,
                send.Content.Nonce,
                send.Content.Ciphertext,
                send.Content.Tag,
                Activity.Current?.Id,
            ],
            cancellationToken
        );
        if (queued == 0)
            return false;
        await connection.RunAsync(
            """
            insert into send_route (reply_id, tenant_id, thread_id, channel_id, first_sequence, next_at)
            values ($1, $2, $3, $4, $5, $6)
            """,
            [send.ReplyId.Value, send.TenantId.Value, send.ThreadId.Value, send.ChannelId.Value, send.FirstSequence, now],
            cancellationToken
        );
        await connection.RunAsync("select pg_notify('send', '')", [], cancellationToken);
        return true;
    }
}
