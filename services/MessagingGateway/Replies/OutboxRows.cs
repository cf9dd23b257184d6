using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Messaging;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Publishing from SQL: the same outbox rows, by one statement, in the connection's open transaction.</summary>
internal static class OutboxRows
{
    /// <summary>Adds messages to the outbox.</summary>
    public static async Task PublishAsync<TMessage>(
        this NpgsqlConnection connection,
        IEnumerable<TMessage> messages,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
        where TMessage : class
    {
        var rows = messages.Select(message => OutboxMessage.For(message, clock)).ToArray();
        if (rows.Length == 0)
            return;
        await connection.RunAsync(
            """
            insert into outbox (message_id, type, body, trace_parent, created_at, attempts, next_at)
            select m.message_id, m.type, m.body, m.trace_parent, $5, 0, $5
            from unnest($1, $2, $3, $4) as m(message_id, type, body, trace_parent)
            """,
            [
                Uuids(rows.Select(row => row.MessageId)),
                Texts(rows.Select(row => row.Type)),
                Bytes(rows.Select(row => row.Body)),
                Texts(rows.Select(row => row.TraceParent)),
                rows[0].CreatedAt,
            ],
            cancellationToken
        );
    }
}
