using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Replies;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Turns;

/// <summary>Reads the messages that wait, as they stand after edits and revokes.</summary>
internal static class ReadParts
{
    // A contact who sends more than this before an answer is answered from the newest ones.
    private const int MaxParts = 100;

    /// <summary>In the order in which they were said. The tenant is named.</summary>
    public static async Task<List<TurnPart>> ReadAsync(
        ResponderDbContext db,
        TurnClock thread,
        ContentReader reader,
        CancellationToken cancellationToken
    )
    {
        var (id, answered) = (thread.ThreadId, thread.AnsweredSeq);
        var messages = await db
            .Messages.AsNoTracking()
            .Where(message => message.ThreadId == id && message.Seq > answered)
            .OrderByDescending(message => message.Seq)
            .Take(MaxParts)
            .ToListAsync(cancellationToken);
        var amendments = await AmendmentsAsync(db, id, [.. messages.Select(message => message.MessageId)], cancellationToken);
        return
        [
            .. messages
                .OrderBy(message => message.SentAt)
                .ThenBy(message => message.GatewaySequence)
                .Select(message => PartOf(message, amendments[message.MessageId], reader)),
        ];
    }

    /// <summary>What was changed or taken back of some messages.</summary>
    public static async Task<ILookup<MessageId, Amendment>> AmendmentsAsync(
        ResponderDbContext db,
        ThreadId thread,
        List<MessageId> messages,
        CancellationToken cancellationToken
    )
    {
        var found = await db
            .Amendments.AsNoTracking()
            .Where(amendment => amendment.ThreadId == thread && messages.Contains(amendment.Concerns))
            .ToListAsync(cancellationToken);
        return found.ToLookup(amendment => amendment.Concerns);
    }

    /// <summary>The message as it stands now: a revoke always wins, else the newest edit.</summary>
    public static TurnPart PartOf(TurnMessage message, IEnumerable<Amendment> amendments, ContentReader reader)
    {
        var changes = amendments.ToList();
        if (changes.Exists(change => change.IsRevoke))
            return new(message.MessageId, PartState.Revoked, "");
        var edit = changes.Where(change => change.Content is not null).MaxBy(change => change.GatewaySequence);
        if (edit is { Content: { } changed })
        {
            var text = reader.Open(
                message.TenantId,
                message.ThreadId,
                edit.MessageId.Value,
                nameof(MessageKind.Edit),
                changed,
                out var gone
            );
            return Part(message.MessageId, text, gone);
        }
        if (message.Kind is MessageKind.Sticker || message.ContentEndsAt is null)
            return new(message.MessageId, PartState.Unreadable, "");
        if (message.Content is not { } content)
            return new(message.MessageId, PartState.Expired, "");
        var said = reader.Open(
            message.TenantId,
            message.ThreadId,
            message.MessageId.Value,
            message.Kind.ToString(),
            content,
            out var expired
        );
        return Part(message.MessageId, said, expired);
    }

    private static TurnPart Part(MessageId id, string text, bool expired) =>
        expired ? new(id, PartState.Expired, "")
        : text.Length == 0 ? new(id, PartState.Unreadable, "")
        : new(id, PartState.Readable, text);
}
