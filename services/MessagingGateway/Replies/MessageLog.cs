using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>The sender's side of the message log: what was sent, when, how often it was tried. Never what was said.</summary>
internal static class MessageLog
{
    /// <summary>
    /// Adds the row of a message that is about to be called, so that a status which is faster than the answer finds it.
    /// Its time of arrival is the reply's, so that a later try writes the same row.
    /// </summary>
    public static Task AddAsync(NpgsqlConnection connection, SendCall call, CancellationToken cancellationToken) =>
        connection.RunAsync(
            """
            insert into message_log (tenant_id, arrived_at, id, thread_id, channel_id, subject, direction, kind, sequence, sent_at,
                sent_at_usable, status, queued_at, reply_id)
            values ($1, $2, $3, $4, $5, $6, 'Outbound', $7, 0, $8, true, 'Queued', $2, $9)
            on conflict (arrived_at, id) do nothing
            """,
            [
                call.Tenant.Value,
                call.Send.CreatedAt,
                call.Message.MessageId.Value,
                call.Send.ThreadId.Value,
                call.Send.ChannelId.Value,
                call.Send.Subject.Value,
                (call.Message.Buttons.Count == 0 ? MessageKind.Text : MessageKind.Interactive).ToString(),
                call.CalledAt,
                call.Send.ReplyId.Value,
            ],
            cancellationToken
        );

    /// <summary>Adds the row of a person's answer when it is written, so that they see at once that it is on its way.</summary>
    public static Task AddWrittenAsync(
        NpgsqlConnection connection,
        NewSend send,
        MessageId message,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            insert into message_log (tenant_id, arrived_at, id, thread_id, channel_id, subject, direction, kind, sequence, sent_at,
                sent_at_usable, status, queued_at, reply_id)
            values ($1, $2, $3, $4, $5, $6, 'Outbound', 'Text', 0, $2, true, 'Queued', $2, $7)
            """,
            [send.TenantId.Value, now, message.Value, send.ThreadId.Value, send.ChannelId.Value, send.Subject.Value, send.ReplyId.Value],
            cancellationToken
        );

    /// <summary>Meta took it: its id is kept sealed and findable, and the state moves on unless a status has moved it further.</summary>
    public static async Task AcceptAsync(
        NpgsqlConnection connection,
        SendCall call,
        Wamid wamid,
        byte[] wamidHmac,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var sealedWamid = call.SubjectKey.Seal(SealedColumns.MessageWamid, wamid.Reveal());
        await connection.RunAsync(
            """
            update message_log set wamid = coalesce(wamid, $3), accepted_at = coalesce(accepted_at, $4),
                status = case when status = 'Queued' then 'Accepted' else status end
            where arrived_at = $1 and id = $2
            """,
            [call.Send.CreatedAt, call.Message.MessageId.Value, sealedWamid.ToBytes(), now],
            cancellationToken
        );
        await connection.RunAsync(
            """
            insert into message_key (phone_number_id, wamid_hmac, message_id, arrived_at) values ($1, $2, $3, $4)
            on conflict (phone_number_id, wamid_hmac) do nothing
            """,
            [call.Access.PhoneNumberId, wamidHmac, call.Message.MessageId.Value, call.Send.CreatedAt],
            cancellationToken
        );
    }

    /// <summary>It will not go (any more). A message whose fate is unknown is marked so by the send, not here.</summary>
    public static Task FailAsync(
        NpgsqlConnection connection,
        SendRow send,
        DropReason reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        // A person's answer stands in the log from the moment at which it was written.
        (send.MessageId ?? (send.IsByPerson ? PrepareCall.MessageIdOf(send) : null))
            is not { } message
            ? Task.CompletedTask
            : connection.RunAsync(
                """
                update message_log set status = 'Failed', failed_at = $3
                where arrived_at = $1 and id = $2 and status = 'Queued' and $4 <> 'Unknown'
                """,
                [send.CreatedAt, message.Value, now, reason.ToString()],
                cancellationToken
            );

    /// <summary>One call and what came of it.</summary>
    public static Task AttemptAsync(
        NpgsqlConnection connection,
        SendCall call,
        GraphAnswer answer,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            insert into delivery_attempt (tenant_id, arrived_at, id, reply_id, message_id, started_at, finished_at, http_status, error_code,
                outcome)
            values ($1, $2, $3, $4, $5, $2, $6, $7, $8, $9)
            """,
            [
                call.Tenant.Value,
                call.CalledAt,
                TypedId.NewGuid(clock),
                call.Send.ReplyId.Value,
                call.Message.MessageId.Value,
                clock.GetUtcNow(),
                answer.HttpStatus,
                answer.Code,
                answer.Verdict.ToString(),
            ],
            cancellationToken
        );
}
