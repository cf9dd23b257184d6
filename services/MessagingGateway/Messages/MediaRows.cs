using Npgsql;
using NpgsqlTypes;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Media of published messages: where Meta has their bytes, sealed under the person's key.</summary>
internal static class MediaRows
{
    public static async Task InsertAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<Arrival> arrivals,
        List<ReceivedMessage> published,
        CancellationToken cancellationToken
    )
    {
        var byId = arrivals.ToDictionary(arrival => arrival.Id);
        var rows = (
            from message in published
            where message.Media.Count > 0
            let arrival = byId[message.MessageId]
            from pair in message.Media.Zip(((InboundItem)arrival.Item).Media)
            select (message, arrival, Ours: pair.First, Metas: pair.Second)
        ).ToArray();
        if (rows.Length == 0)
            return;
        await using var command = connection.Command(
            """
            insert into media (tenant_id, id, message_id, thread_id, channel_id, subject, meta_media_id, mime_type, sha256, arrived_at)
            select $1, * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            tenant.Value,
            rows.Select(row => row.Ours.MediaId.Value).ToArray(),
            rows.Select(row => row.message.MessageId.Value).ToArray(),
            rows.Select(row => row.message.ThreadId.Value).ToArray(),
            rows.Select(row => row.message.ChannelId.Value).ToArray(),
            rows.Select(row => row.message.SubjectId.Value).ToArray(),
            rows.Select(row => row.arrival.Contact!.Key!.Seal(SealedColumns.MediaId, row.Metas.Id).ToBytes()).ToArray(),
            rows.Select(row => row.Metas.MimeType).ToArray(),
            rows.Select(row => row.Metas.Sha256).ToArray(),
            rows.Select(row => row.arrival.Item.Origin.ArrivedAt).ToArray()
        );
        command.Parameters[8].NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
