using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Ends a send that does not go (any further), and tells so in the same transaction. What was to be said is deleted.</summary>
internal sealed class FinishSend(NpgsqlConnection connection, TenantId tenant, SendMetrics metrics, TimeProvider clock)
{
    /// <summary>Drops a send. When its first part is out the reply counts as accepted, and only the rest is dropped.</summary>
    public async Task DropAsync(SendRow send, DropReason reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await connection.RunAsync(
            """
            update send set state = $2, drop_reason = $3, finished_at = $4, epoch = null, nonce = null, ciphertext = null, tag = null
            where reply_id = $1
            """,
            [send.ReplyId.Value, (send.IsAccepted ? SendState.Accepted : SendState.Dropped).ToString(), reason.ToString(), now],
            cancellationToken
        );
        await connection.RunAsync("delete from send_route where reply_id = $1", [send.ReplyId.Value], cancellationToken);
        await WakeNextAsync(connection, [send.ThreadId.Value], now, cancellationToken);
        await MessageLog.FailAsync(connection, send, reason, now, cancellationToken);
        metrics.Dropped(reason);
        // Whoever asked for a person still waits for one when the sentence that says so could not go.
        if (send.HandsOver && reason is not (DropReason.Revoked or DropReason.OptedOut or DropReason.Erased))
            await SetMode.RunAsync(connection, tenant, send.ThreadId, ThreadMode.Human, clock, cancellationToken);
        // Nobody but the person waits for a person's answer, and they see it in the log.
        if (send.IsAccepted || send.IsByPerson)
            return;
        var dropped = new ReplyDropped
        {
            TenantId = tenant,
            ReplyId = send.ReplyId,
            UsageId = send.UsageId,
            ThreadId = send.ThreadId,
            SubjectId = send.Subject,
            Reason = reason,
        };
        await connection.PublishAsync([dropped], clock, cancellationToken);
    }

    /// <summary>
    /// Whatever waited behind a send in its thread need not wait any more. Rows that somebody else changes are left to them:
    /// two statuses of one thread must not wait for each other.
    /// </summary>
    public static Task WakeNextAsync(
        NpgsqlConnection connection,
        Guid[] threads,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            update send_route set next_at = $2 where reply_id in (
                select reply_id from send_route where thread_id = any ($1) and next_at > $2 order by reply_id for update skip locked
            )
            """,
            [threads, now],
            cancellationToken
        );
}
