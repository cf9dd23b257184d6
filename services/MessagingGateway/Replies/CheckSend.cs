using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Whether a reply may go now. Asked under the thread's row lock, immediately before the call.</summary>
internal static class CheckSend
{
    private static readonly TimeSpan ClockDifference = TimeSpan.FromDays(1);

    /// <summary>Why a reply is not sent any more; null when nothing stands against it. The order is the order of the reasons.</summary>
    public static async Task<DropReason?> FindReasonAsync(
        NpgsqlConnection connection,
        ThreadRow? thread,
        SendRow send,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (thread is null or { Erased: true })
            return DropReason.Erased;
        if (thread.OptedOut && !send.IsOurOwnNotice)
            return DropReason.OptedOut;
        if (thread.Mode is ThreadMode.Human && !send.IsByPerson)
            return DropReason.HumanInCharge;
        if (await IsRevokedAsync(connection, send, cancellationToken))
            return DropReason.Revoked;
        if (send.SendBefore <= now)
            return DropReason.TooLate;
        return thread.WindowClosesAt <= now ? DropReason.WindowClosed : null;
    }

    // Days bound the search: a message is taken back after it was written, and its answer is never a day away.
    private static async Task<bool> IsRevokedAsync(NpgsqlConnection connection, SendRow send, CancellationToken cancellationToken)
    {
        if (send.Answers.Length == 0)
            return false;
        var revoked = await connection.ReadAsync(
            """
            select 1 from message_log
            where thread_id = $1 and kind = 'Revoke' and concerns = any ($2) and arrived_at > $3 limit 1
            """,
            [send.ThreadId.Value, send.Answers, send.CreatedAt - ClockDifference],
            _ => true,
            cancellationToken
        );
        return revoked.Count > 0;
    }
}
