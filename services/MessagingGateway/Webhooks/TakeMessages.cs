using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Messages;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Files new messages in their threads, under the threads' locks: log rows, windows, key words, take-over by echo. Only answerable
/// kinds, edits and revokes are published; key words take effect here and are not.
/// </summary>
internal sealed class TakeMessages(
    LockThreads threads,
    ChangeOptOut optOuts,
    FindConcerned concerned,
    ContentSealer sealer,
    TimeProvider clock
)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);
    private static readonly TimeSpan ReferralWindow = TimeSpan.FromHours(72);

    public async Task<List<ReceivedMessage>> RunAsync(
        GatewayDbContext db,
        TenantId tenant,
        List<Arrival> arrivals,
        CancellationToken cancellationToken
    )
    {
        var connection = db.Connection();
        var locked = await threads.RunAsync(connection, tenant, arrivals, cancellationToken);
        var originals = await concerned.RunAsync(connection, arrivals, cancellationToken);
        var published = new List<ReceivedMessage>();
        var humans = new List<HumanReplied>();
        var changed = new HashSet<LockedThread>();
        var rows = new List<LogRow>();
        foreach (var arrival in arrivals)
        {
            var thread = locked[(arrival.Route.ChannelId, arrival.Contact!.Subject)];
            var original = originals.Of(arrival);
            rows.Add(LogRow.Of(arrival, thread, original));
            thread.LastMessageAt = Later(thread.LastMessageAt, arrival.Time.SentAt);
            switch (arrival.Item)
            {
                case EchoItem { WasSent: true } echo:
                    if (thread.TakeOver(arrival.Time.SentAt))
                        changed.Add(thread);
                    humans.Add(Human(tenant, arrival, thread, echo));
                    break;
                case InboundItem inbound:
                    OpenWindow(thread, inbound, arrival.Time.SentAt);
                    if (KeyWords.Of(inbound) is { } word)
                    {
                        if (await optOuts.RunAsync(db, tenant, arrival, thread, word, cancellationToken))
                            changed.Add(thread);
                    }
                    else if (!thread.OptedOut && IsPublished(inbound, original))
                        published.Add(Published(tenant, arrival, inbound, thread, original));
                    break;
            }
        }
        await LogRow.InsertAsync(connection, tenant, rows, cancellationToken);
        await MediaRows.InsertAsync(connection, tenant, arrivals, published, cancellationToken);
        await LockThreads.SaveAsync(connection, locked.Values, cancellationToken);
        await connection.PublishAsync(changed.Select(thread => thread.Changed(tenant, clock.GetUtcNow())), clock, cancellationToken);
        await connection.PublishAsync(humans, clock, cancellationToken);
        // Versions rose while the batch was walked: every item carries its thread's last one.
        return [.. published.Select(message => message with { ThreadVersion = locked.VersionOf(message.ThreadId) })];
    }

    private ReceivedMessage Published(TenantId tenant, Arrival arrival, InboundItem inbound, LockedThread thread, MessageId? original)
    {
        var kind = Enum.Parse<MessageKind>(inbound.Kind);
        return new()
        {
            TenantId = tenant,
            MessageId = arrival.Id,
            ChannelId = arrival.Route.ChannelId,
            ThreadId = thread.Id,
            SubjectId = arrival.Contact!.Subject,
            Sequence = thread.NextSequence(),
            ThreadVersion = thread.Version,
            Kind = kind,
            SentAt = arrival.Time.SentAt,
            ReceivedAt = inbound.Origin.ArrivedAt,
            WindowClosesAt = thread.WindowClosesAt,
            Mode = thread.Mode,
            OptedOut = thread.OptedOut,
            Concerns = original,
            Content = Seal(tenant, arrival, thread, inbound.Words, kind.ToString()),
            Media =
            [
                .. inbound.Media.Select(media => new ReceivedMedia { MediaId = TypedId.New<MediaId>(clock), MimeType = media.MimeType }),
            ],
            TraceParent = inbound.Origin.TraceParent,
        };
    }

    private HumanReplied Human(TenantId tenant, Arrival arrival, LockedThread thread, EchoItem echo) =>
        new()
        {
            TenantId = tenant,
            MessageId = arrival.Id,
            ThreadId = thread.Id,
            SubjectId = arrival.Contact!.Subject,
            At = arrival.Time.SentAt,
            Content = Seal(tenant, arrival, thread, echo.Words ?? "{}"u8.ToArray(), "human")!,
        };

    private SealedContent? Seal(TenantId tenant, Arrival arrival, LockedThread thread, byte[]? words, string kind) =>
        words is null ? null : sealer.Seal(new(tenant, thread.Id, arrival.Id.Value, kind.ToLowerInvariant()), arrival.Route.Window, words);

    private static void OpenWindow(LockedThread thread, InboundItem inbound, DateTimeOffset sentAt)
    {
        if (inbound.IsGroup || inbound.Kind is "System" or "Unknown")
            return;
        thread.WindowClosesAt = Later(thread.WindowClosesAt, sentAt + (inbound.HasReferral ? ReferralWindow : Window));
    }

    // An edit or revoke of a message that was never published changes nothing that anybody could answer.
    private static bool IsPublished(InboundItem inbound, MessageId? original) =>
        !inbound.IsGroup
        && Enum.TryParse<MessageKind>(inbound.Kind, out var kind)
        && (kind is not (MessageKind.Edit or MessageKind.Revoke) || original is not null);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
