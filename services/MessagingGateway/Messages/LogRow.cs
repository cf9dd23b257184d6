using Npgsql;
using NpgsqlTypes;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Threads;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>The intake's side of the message log, many rows at once.</summary>
internal sealed record LogRow(Arrival Arrival, ThreadId Thread, string Direction, string Kind, MessageId? Concerns, byte[] Wamid)
{
    public static LogRow Of(Arrival arrival, LockedThread thread, MessageId? concerns)
    {
        var (direction, kind) = arrival.Item switch
        {
            InboundItem inbound => ("Inbound", inbound.Kind),
            EchoItem echo => ("Outbound", echo.Kind),
            _ => throw new InvalidOperationException("Only messages are logged."),
        };
        var wamid = arrival.Contact!.Key!.Seal(SealedColumns.MessageWamid, arrival.Wamid.Reveal());
        return new(arrival, thread.Id, direction, kind, concerns, wamid.ToBytes());
    }

    public static async Task InsertAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<LogRow> rows,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(
            """
            insert into message_log (tenant_id, arrived_at, id, thread_id, channel_id, subject, direction, kind, sequence, wamid, sent_at,
                sent_at_usable, concerns, status)
            select $1, arrived_at, id, thread_id, channel_id, subject, direction, kind, 0, wamid, sent_at, usable, concerns,
                case when direction = 'Outbound' then 'Sent' end
            from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as m(arrived_at, id, thread_id, channel_id, subject, direction, kind,
                wamid, sent_at, usable, concerns)
            """,
            tenant.Value,
            rows.Select(row => row.Arrival.Item.Origin.ArrivedAt).ToArray(),
            rows.Select(row => row.Arrival.Id.Value).ToArray(),
            rows.Select(row => row.Thread.Value).ToArray(),
            rows.Select(row => row.Arrival.Route.ChannelId.Value).ToArray(),
            rows.Select(row => row.Arrival.Contact!.Subject.Value).ToArray(),
            rows.Select(row => row.Direction).ToArray(),
            rows.Select(row => row.Kind).ToArray(),
            rows.Select(row => row.Wamid).ToArray(),
            rows.Select(row => row.Arrival.Time.SentAt).ToArray(),
            rows.Select(row => row.Arrival.Time.IsUsable).ToArray(),
            rows.Select(row => row.Concerns?.Value).ToArray()
        );
        command.Parameters[^1].NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
