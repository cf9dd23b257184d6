using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Writes threads, log and media of one tenant, one statement each.</summary>
internal static class InsertMessages
{
    public static async Task RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<ThreadState> threads,
        List<TakenIn> rows,
        CancellationToken cancellationToken
    )
    {
        await UpdateThreadsAsync(connection, threads, cancellationToken);
        if (rows.Count == 0)
            return;
        await InsertLogAsync(connection, tenant, rows, cancellationToken);
        await InsertMediaAsync(connection, tenant, rows.FindAll(row => row.Media is not null), cancellationToken);
    }

    private static Task UpdateThreadsAsync(NpgsqlConnection connection, List<ThreadState> threads, CancellationToken cancellationToken)
    {
        if (threads.Count == 0)
            return Task.CompletedTask;
        return connection.RunAsync(
            """
            update thread set mode = n.mode, opted_out = n.opted_out, version = n.version, last_sequence = n.last_sequence,
                window_closes_at = n.window_closes_at, last_message_at = n.last_message_at, taken_over_at = n.taken_over_at,
                stop_confirmed_at = n.stop_confirmed_at, referral_at = n.referral_at
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as n(id, mode, opted_out, version, last_sequence, window_closes_at,
                last_message_at, taken_over_at, stop_confirmed_at, referral_at)
            where thread.id = n.id
            """,
            [
                Uuids(threads.Select(thread => thread.Id.Value)),
                Texts(threads.Select(thread => thread.Mode.ToString())),
                Flags(threads.Select(thread => thread.OptedOut)),
                Longs(threads.Select(thread => thread.Version)),
                Longs(threads.Select(thread => thread.LastSequence)),
                Times(threads.Select(thread => thread.WindowClosesAt)),
                Times(threads.Select(thread => thread.LastMessageAt)),
                MaybeTimes(threads.Select(thread => thread.TakenOverAt)),
                MaybeTimes(threads.Select(thread => thread.StopConfirmedAt)),
                MaybeTimes(threads.Select(thread => thread.ReferralAt)),
            ],
            cancellationToken
        );
    }

    private static Task<int> InsertLogAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<TakenIn> rows,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            insert into message_log (tenant_id, id, arrived_at, thread_id, channel_id, subject, kind, sequence, wamid, sent_at,
                sent_at_usable, concerns, direction, status, sent_status_at)
            select $1, m.id, m.arrived_at, m.thread_id, m.channel_id, m.subject, m.kind, m.sequence, m.wamid, m.sent_at, m.usable,
                m.concerns, case when m.is_echo then 'Outbound' else 'Inbound' end, case when m.is_echo then 'Sent' end,
                case when m.is_echo then m.sent_at end
            from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as m(id, arrived_at, thread_id, channel_id, subject, kind,
                sequence, wamid, sent_at, usable, concerns, is_echo)
            """,
            [
                tenant.Value,
                Uuids(rows.Select(row => row.Message.Id.Value)),
                Times(rows.Select(row => row.Message.Value.ArrivedAt)),
                Uuids(rows.Select(row => row.Thread.Id.Value)),
                Uuids(rows.Select(row => row.Thread.Channel.Value)),
                Uuids(rows.Select(row => row.Thread.Subject.Value)),
                Texts(rows.Select(row => row.Message.Kind)),
                Longs(rows.Select(row => row.Sequence)),
                Bytes(rows.Select(SealedWamid)),
                Times(rows.Select(row => row.Message.SentAt)),
                Flags(rows.Select(row => row.Message.SentAtUsable)),
                MaybeUuids(rows.Select(row => row.Concerns?.Value)),
                Flags(rows.Select(row => row.Message.IsEcho)),
            ],
            cancellationToken
        );

    private static Task InsertMediaAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<TakenIn> rows,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
            return Task.CompletedTask;
        return connection.RunAsync(
            """
            insert into media (tenant_id, id, message_id, thread_id, channel_id, subject, meta_media_id, mime_type, sha256, arrived_at)
            select $1, m.* from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as m
            """,
            [
                tenant.Value,
                Uuids(rows.Select(row => row.Media!.Value.Value)),
                Uuids(rows.Select(row => row.Message.Id.Value)),
                Uuids(rows.Select(row => row.Thread.Id.Value)),
                Uuids(rows.Select(row => row.Thread.Channel.Value)),
                Uuids(rows.Select(row => row.Thread.Subject.Value)),
                Bytes(rows.Select(row => row.Thread.Contact!.Key.Seal(SealedColumns.MediaId, row.Message.Media!.MetaId).ToBytes())),
                Texts(rows.Select(row => row.Message.Media!.MimeType)),
                Texts(rows.Select(row => row.Message.Media!.Sha256)),
                Times(rows.Select(row => row.Message.Value.ArrivedAt)),
            ],
            cancellationToken
        );
    }

    private static byte[] SealedWamid(TakenIn row) =>
        row.Thread.Contact!.Key.Seal(SealedColumns.MessageWamid, row.Message.Wamid.Reveal()).ToBytes();
}
