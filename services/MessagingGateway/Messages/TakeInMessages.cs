using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>A message with everything its rows need.</summary>
internal sealed record TakenIn(IncomingMessage Message, ThreadState Thread, long Sequence, MessageId? Concerns, MediaId? Media);

/// <summary>An order that a contact gave.</summary>
internal sealed record GivenOrder(IncomingMessage Message, ThreadState Thread, KeyWord Word);

/// <summary>
/// Decides what messages do to their threads, oldest first within each: order, window, take-over, STOP and START, and what is published.
/// Nothing here touches the database.
/// </summary>
internal sealed class TakeInMessages(ContentSealer sealer, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Orders that took effect, for the ledger and the confirmation.</summary>
    public List<GivenOrder> Orders { get; } = [];

    /// <summary>Codes of data-subject requests, to be confirmed.</summary>
    public List<GivenOrder> Proofs { get; } = [];

    public List<TakenIn> Rows { get; } = [];

    /// <summary>Contacts whose row lags behind.</summary>
    public List<KnownContact> Stale { get; } = [];

    /// <summary>Takes the messages of one tenant in.</summary>
    public void Run(
        TenantWork work,
        IEnumerable<(IncomingMessage Message, ChannelId Channel, KnownContact Contact)> messages,
        List<ThreadState> threads,
        References references,
        BatchMessages bus,
        WrittenCounts counts
    )
    {
        var byPair = threads.ToDictionary(thread => (thread.Channel, thread.Subject));
        foreach (var thread in messages.GroupBy(item => (item.Channel, item.Contact.Subject)))
        {
            var state = byPair[thread.Key];
            state.Contact = thread.First().Contact;
            if (!state.Contact.IsNew && thread.Max(item => item.Message.SentAt) > state.LastMessageAt + RefreshContacts.Lag)
                Stale.Add(state.Contact);
            // By time, then as they arrived: webhooks overtake each other.
            foreach (var (message, _, _) in thread.OrderBy(item => item.Message.SentAt))
                TakeIn(work, message, state, threads, references, bus, counts);
        }
    }

    private void TakeIn(
        TenantWork work,
        IncomingMessage message,
        ThreadState thread,
        List<ThreadState> threads,
        References references,
        BatchMessages bus,
        WrittenCounts counts
    )
    {
        var media = message.Media is null || message.IsEcho ? (MediaId?)null : TypedId.New<MediaId>(clock);
        var row = new TakenIn(message, thread, ++thread.LastSequence, references.Find(message, message.Concerns)?.Id, media);
        Rows.Add(row);
        if (message.SentAt > thread.LastMessageAt)
            thread.LastMessageAt = message.SentAt;
        if (message.IsEcho)
        {
            counts.Echoes++;
            TakeOver(work, row, references, bus);
            return;
        }
        counts.Messages++;
        if (message.OpensWindow)
            OpenWindow(thread, message);
        if (message.KeyWord is { CodeHash: { } hash } code)
        {
            Proofs.Add(new(message, thread, code));
            bus.Proved.Add(Proved(work, row, hash));
            return;
        }
        if (message.KeyWord is { } word && Obey(message, thread, word, threads))
            return;
        if (message.Published is not { } kind || thread.OptedOut)
            return;
        counts.Published++;
        bus.Received.Add(Received(work, row, kind, references));
    }

    // Only something that was sent is a human taking over: an edit or a deletion of an old message is not.
    private void TakeOver(TenantWork work, TakenIn row, References references, BatchMessages bus)
    {
        if (row.Message.Published is MessageKind.Edit or MessageKind.Revoke || row.Message.Kind is "Unsupported" or "Group" or "Reaction")
            return;
        row.Thread.TakeOver(row.Message.Value.ArrivedAt);
        bus.Human.Add(
            new HumanReplied
            {
                TenantId = work.Tenant,
                MessageId = row.Message.Id,
                ThreadId = row.Thread.Id,
                SubjectId = row.Thread.Subject,
                At = row.Message.SentAt,
                Content = Seal(work, row, MessageContent.Human, references) ?? SealEmpty(work, row),
            }
        );
    }

    private static void OpenWindow(ThreadState thread, IncomingMessage message)
    {
        if (message.SentAt + Window > thread.WindowClosesAt)
            thread.WindowClosesAt = message.SentAt + Window;
        if (message.HasReferral && !(thread.ReferralAt >= message.SentAt))
            thread.ReferralAt = message.SentAt;
    }

    // STOP is about the business, not about one of its numbers. START is a plain word to those who never said STOP.
    private bool Obey(IncomingMessage message, ThreadState thread, KeyWord word, List<ThreadState> threads)
    {
        if (!word.Stops && !thread.OptedOut)
            return false;
        var changed = thread.TryOptOut(word.Stops);
        foreach (var other in threads.Where(other => other.Subject == thread.Subject))
            other.TryOptOut(word.Stops);
        if (changed)
            Orders.Add(new(message, thread, word));
        return true;
    }

    private static SubjectProved Proved(TenantWork work, TakenIn row, string hash) =>
        new()
        {
            TenantId = work.Tenant,
            SubjectId = row.Thread.Subject,
            ThreadId = row.Thread.Id,
            CodeHash = hash,
            At = row.Message.SentAt,
        };

    private ReceivedMessage Received(TenantWork work, TakenIn row, MessageKind kind, References references)
    {
        var message = row.Message;
        return new ReceivedMessage
        {
            TenantId = work.Tenant,
            MessageId = message.Id,
            ChannelId = row.Thread.Channel,
            ThreadId = row.Thread.Id,
            SubjectId = row.Thread.Subject,
            Sequence = row.Sequence,
            ThreadVersion = row.Thread.Version,
            Kind = kind,
            SentAt = message.SentAt,
            ReceivedAt = message.Value.ArrivedAt,
            WindowClosesAt = row.Thread.WindowClosesAt,
            Mode = row.Thread.Mode,
            OptedOut = row.Thread.OptedOut,
            Concerns = row.Concerns,
#pragma warning disable CA1308 // The address of content is lower case by agreement with the responder.
            Content = Seal(work, row, kind.ToString().ToLowerInvariant(), references),
#pragma warning restore CA1308
            Media = row.Media is { } media ? [new ReceivedMedia { MediaId = media, MimeType = message.Media!.MimeType }] : [],
            TraceParent = message.Value.TraceParent,
        };
    }

    private SealedContent? Seal(TenantWork work, TakenIn row, string kind, References references)
    {
        var quoted = references.Find(row.Message, row.Message.Quotes)?.Id;
        var content = MessageContent.Write(row.Message.Raw, quoted);
        return content is null ? null : sealer.Seal(AddressOf(work, row, kind), work.Window, content);
    }

    // A person's picture or sticker has no words, but it was an answer.
    private SealedContent SealEmpty(TenantWork work, TakenIn row) =>
        sealer.Seal(AddressOf(work, row, MessageContent.Human), work.Window, "{}"u8);

    private static ContentAddress AddressOf(TenantWork work, TakenIn row, string kind) =>
        new(work.Tenant, row.Thread.Id, row.Message.Id.Value, kind);
}
