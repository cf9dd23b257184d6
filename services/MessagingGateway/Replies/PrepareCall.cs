using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>What came of preparing a call: the call, a moment to wait for, or a reason to drop.</summary>
internal readonly record struct PreparedCall(SendCall? Call, DateTimeOffset? WaitUntil, DropReason? Reason);

/// <summary>
/// The last checks of a send that is due: the number's circuit, the pace towards this contact and of this number, and whether
/// what is to be said still opens. Then the send is marked Sending, in the transaction that holds the thread.
/// </summary>
internal sealed class PrepareCall(OpenReply open, OpenContact contacts, SendTimes times, TimeProvider clock)
{
    private static readonly TimeSpan PausedWait = TimeSpan.FromSeconds(5);

    /// <summary>Checks, opens and marks.</summary>
    public async Task<PreparedCall> RunAsync(
        GatewayDbContext db,
        TenantId tenant,
        ThreadRow thread,
        SendRow send,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var connection = db.Connection();
        var channel = await ChannelRow.LockAsync(connection, send.ChannelId, cancellationToken);
        if (channel is not { IsOpen: true })
            return new(null, null, DropReason.ChannelBlocked);
        // It waits for the operator as long as it may be sent at all.
        if (channel.Paused)
            return new(null, now + PausedWait, null);
        var free = Later(SendPace.Pair.EarliestAt(thread.PairPaidAt, now), SendPace.Number.EarliestAt(channel.PaidAt, now));
        if (free > now)
            return new(null, free, null);
        if (open.Render(tenant, send) is not { } reply || send.Part > reply.Parts.Count)
            return new(null, null, DropReason.Expired);
        if (await contacts.OpenAsync(db, send.Subject, cancellationToken) is not { } contact)
            return new(null, null, DropReason.Erased);
        if (await contacts.OpenAccessAsync(db, tenant, channel, cancellationToken) is not { } access)
            return new(null, null, DropReason.ChannelBlocked);

        var call = new SendCall
        {
            Tenant = tenant,
            Send = send with { MessageId = MessageIdOf(send) },
            Message = Message(send, reply, contact),
            Access = access,
            SubjectKey = contact.Key,
            CalledAt = clock.GetUtcNow(),
            Attempt = send.Attempts + 1,
            IsRepeat = send.State is not SendState.Queued,
        };
        await MarkAsync(db, call, reply.Parts.Count, thread, channel, cancellationToken);
        return new(call, null, null);
    }

    /// <summary>The id of a part: the same after any crash, so that a status finds its reply whatever happened to us.</summary>
    public static MessageId MessageIdOf(SendRow send) => MessageIdOf(send.ReplyId, send.Part);

    /// <summary>The id of a part of a reply that is yet to be queued.</summary>
    public static MessageId MessageIdOf(ReplyId reply, int part) =>
        TypedId.Derive<MessageId>("reply-part", reply.Value, new Guid(part, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private static GraphMessage Message(SendRow send, RenderedReply reply, OpenedContact contact) =>
        new()
        {
            MessageId = MessageIdOf(send),
            To = contact.WaId,
            Recipient = contact.WaId is null ? contact.BusinessScopedUserId : null,
            Text = reply.Parts[send.Part - 1],
            Buttons = reply.Buttons,
        };

    private async Task MarkAsync(
        GatewayDbContext db,
        SendCall call,
        int parts,
        ThreadRow thread,
        ChannelRow channel,
        CancellationToken cancellationToken
    )
    {
        var connection = db.Connection();
        await connection.RunAsync(
            """
            update send set state = 'Sending', message_id = $2, parts = $3, attempts = $4, called_at = $5, next_at = $6, resent = $7
            where reply_id = $1
            """,
            [
                call.Send.ReplyId.Value,
                call.Message.MessageId.Value,
                parts,
                call.Attempt,
                call.CalledAt,
                call.CalledAt + times.CallLimit,
                call.IsRepeat,
            ],
            cancellationToken
        );
        await connection.RunAsync(
            "update send_route set next_at = $2 where reply_id = $1",
            [call.Send.ReplyId.Value, call.CalledAt + times.CallLimit],
            cancellationToken
        );
        await connection.RunAsync(
            "update thread set pair_at = $2 where id = $1",
            [thread.Id.Value, SendPace.Pair.Charge(thread.PairPaidAt, call.CalledAt)],
            cancellationToken
        );
        await connection.RunAsync(
            "update channel set pace_at = $2 where id = $1",
            [channel.Id.Value, SendPace.Number.Charge(channel.PaidAt, call.CalledAt)],
            cancellationToken
        );
        await MessageLog.AddAsync(connection, call, cancellationToken);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
