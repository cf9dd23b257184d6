using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Turns;

/// <summary>The messages of one customer in a batch, inserted by one statement.</summary>
internal sealed class MessageRows
{
    private readonly List<(ReceivedMessage Item, int Seq)> _rows = [];

    public void Add(ReceivedMessage item, int seq) => _rows.Add((item, seq));

    public async Task InsertAsync(ResponderDbContext db, CancellationToken cancellationToken)
    {
        if (_rows.Count == 0)
            return;
        var tenant = _rows[0].Item.TenantId.Value;
        var threads = Column(row => row.Item.ThreadId.Value);
        var seqs = Column(row => row.Seq);
        var ids = Column(row => row.Item.MessageId.Value);
        var order = Column(row => row.Item.Sequence);
        var kinds = Column(row => row.Item.Kind.ToString());
        var sent = Column(row => row.Item.SentAt.ToUniversalTime());
        var received = Column(row => row.Item.ReceivedAt.ToUniversalTime());
        var contents = Column(row => row.Item.Content is { } content ? SealedContentColumn.Pack(content) : null);
        var ends = Column(row => row.Item.Content is { } content ? SealedContentColumn.EndOf(content) : (DateTimeOffset?)null);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into turn_message (tenant_id, thread_id, seq, message_id, gateway_sequence, kind, sent_at, received_at,
                content, content_ends_at)
            select {tenant}, m.* from unnest({threads}, {seqs}, {ids}, {order}, {kinds}, {sent}, {received}, {contents}, {ends}) as m
            """,
            cancellationToken
        );
    }

    private T[] Column<T>(Func<(ReceivedMessage Item, int Seq), T> value) => [.. _rows.Select(value)];
}

/// <summary>The edits and revokes of one customer in a batch, inserted by one statement.</summary>
internal sealed class AmendmentRows
{
    private readonly List<ReceivedMessage> _rows = [];

    public void Add(ReceivedMessage item) => _rows.Add(item);

    public async Task InsertAsync(ResponderDbContext db, CancellationToken cancellationToken)
    {
        if (_rows.Count == 0)
            return;
        var tenant = _rows[0].TenantId.Value;
        var threads = Column(row => row.ThreadId.Value);
        var ids = Column(row => row.MessageId.Value);
        var concerns = Column(row => row.Concerns!.Value.Value);
        var order = Column(row => row.Sequence);
        var revokes = Column(row => row.Kind is MessageKind.Revoke);
        var received = Column(row => row.ReceivedAt.ToUniversalTime());
        var contents = Column(row => row.Content is { } content ? SealedContentColumn.Pack(content) : null);
        var ends = Column(row => row.Content is { } content ? SealedContentColumn.EndOf(content) : (DateTimeOffset?)null);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into amendment (tenant_id, thread_id, message_id, concerns, gateway_sequence, is_revoke, received_at,
                content, content_ends_at)
            select {tenant}, a.* from unnest({threads}, {ids}, {concerns}, {order}, {revokes}, {received}, {contents}, {ends}) as a
            """,
            cancellationToken
        );
    }

    private T[] Column<T>(Func<ReceivedMessage, T> value) => [.. _rows.Select(value)];
}

internal static class KnownMessages
{
    /// <summary>Those of a batch that were taken in before. The tenant is named and the clocks are locked.</summary>
    public static async Task<HashSet<MessageId>> KnownAsync(
        this ResponderDbContext db,
        List<ReceivedMessage> items,
        CancellationToken cancellationToken
    )
    {
        var threads = items.Select(item => item.ThreadId.Value).Distinct().ToArray();
        var ids = items.Select(item => item.MessageId.Value).ToArray();
        var known = await db
            .Database.SqlQuery<Guid>(
                $"""
                select message_id as "Value" from turn_message where thread_id = any ({threads}) and message_id = any ({ids})
                union all
                select message_id from amendment where thread_id = any ({threads}) and message_id = any ({ids})
                """
            )
            .ToListAsync(cancellationToken);
        return [.. known.Select(MessageId.From)];
    }
}
