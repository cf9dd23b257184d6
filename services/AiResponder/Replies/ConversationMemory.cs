using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Turns;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Replies;

/// <summary>Who said it.</summary>
internal enum Speaker
{
    Contact,
    Assistant,

    /// <summary>A person of the business.</summary>
    Person,
}

/// <summary>Something that was said before this turn.</summary>
internal sealed record MemoryEntry(DateTimeOffset At, Speaker Speaker, string Text);

/// <summary>
/// What was said in the thread within its open epochs: sealed rows, opened for one call. It dies with the epochs;
/// nothing is summarised, nothing is kept above the thread.
/// </summary>
internal static class ConversationMemory
{
    private const int MaxRows = 20;

    // About 1,600 tokens.
    private const int MaxCharacters = 6_000;

    /// <summary>The newest first to fit, returned oldest first. The tenant is named.</summary>
    public static async Task<List<MemoryEntry>> ReadAsync(
        ResponderDbContext db,
        TurnClock thread,
        ContentReader reader,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        List<MemoryEntry> entries =
        [
            .. await ContactsAsync(db, thread, reader, now, cancellationToken),
            .. await RepliesAsync(db, thread.ThreadId, reader, now, cancellationToken),
            .. await PersonsAsync(db, thread.ThreadId, reader, now, cancellationToken),
        ];
        var left = MaxCharacters;
        return
        [
            .. entries
                .Where(entry => entry.Text.Length > 0)
                .OrderByDescending(entry => entry.At)
                .TakeWhile(entry => (left -= entry.Text.Length) >= 0)
                .Reverse(),
        ];
    }

    private static async Task<IEnumerable<MemoryEntry>> ContactsAsync(
        ResponderDbContext db,
        TurnClock thread,
        ContentReader reader,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (id, answered) = (thread.ThreadId, thread.AnsweredSeq);
        var messages = await db
            .Messages.AsNoTracking()
            .Where(message => message.ThreadId == id && message.Seq <= answered && message.ContentEndsAt > now)
            .OrderByDescending(message => message.Seq)
            .Take(MaxRows)
            .ToListAsync(cancellationToken);
        var amendments = await ReadParts.AmendmentsAsync(db, id, [.. messages.Select(message => message.MessageId)], cancellationToken);
        return messages.Select(message => new MemoryEntry(
            message.ReceivedAt,
            Speaker.Contact,
            ReadParts.PartOf(message, amendments[message.MessageId], reader).Text
        ));
    }

    private static async Task<IEnumerable<MemoryEntry>> RepliesAsync(
        ResponderDbContext db,
        ThreadId thread,
        ContentReader reader,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // A dropped reply was never seen by the contact.
        var replies = await db
            .Replies.AsNoTracking()
            .Where(reply => reply.ThreadId == thread && reply.State != ReplyState.Dropped && reply.ContentEndsAt > now)
            .OrderByDescending(reply => reply.CreatedAt)
            .Take(MaxRows)
            .ToListAsync(cancellationToken);
        return replies
            .Where(reply => reply.Content is not null)
            .Select(reply => new MemoryEntry(
                reply.CreatedAt,
                Speaker.Assistant,
                reader.Open(reply.TenantId, thread, reply.ReplyId.Value, Reply.Kind, reply.Content!, out _)
            ));
    }

    private static async Task<IEnumerable<MemoryEntry>> PersonsAsync(
        ResponderDbContext db,
        ThreadId thread,
        ContentReader reader,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var said = await db
            .HumanReplies.AsNoTracking()
            .Where(reply => reply.ThreadId == thread && reply.ContentEndsAt > now)
            .OrderByDescending(reply => reply.At)
            .Take(MaxRows)
            .ToListAsync(cancellationToken);
        return said.Where(reply => reply.Content is not null)
            .Select(reply => new MemoryEntry(
                reply.At,
                Speaker.Person,
                reader.Open(reply.TenantId, thread, reply.MessageId.Value, HumanReply.Kind, reply.Content!, out _)
            ));
    }
}
