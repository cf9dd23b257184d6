using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>
/// WhatsApp users wrote to our tenants. Carries who and when; what was said stays sealed. At most 256 items, together at most 1 MiB;
/// tenants may be mixed.
/// </summary>
[NotPersonal("each item names its own tenant and subject")]
public sealed record MessagesReceived
{
    /// <summary>One to 256 messages.</summary>
    public required IReadOnlyList<ReceivedMessage> Items { get; init; }
}

/// <summary>One message of a contact. The words stay sealed.</summary>
public sealed record ReceivedMessage
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Ours; the inbox key of this path.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>The business number.</summary>
    public required ChannelId ChannelId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Order of arrival in the thread; orders the parts inside a turn, after <see cref="SentAt"/>.</summary>
    public required long Sequence { get; init; }

    /// <summary>The thread's version when the message was taken in; consumers keep the highest they saw.</summary>
    public required long ThreadVersion { get; init; }

    /// <summary>What kind of message it is.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Meta's time where it is usable, else the time of arrival.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When the webhook arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Until when free-form answers are allowed.</summary>
    public required DateTimeOffset WindowClosesAt { get; init; }

    /// <summary>Who answers in this thread.</summary>
    public required ThreadMode Mode { get; init; }

    /// <summary>The contact said stop.</summary>
    public required bool OptedOut { get; init; }

    /// <summary>The message that an edit or a revoke is about.</summary>
    public MessageId? Concerns { get; init; }

    /// <summary>The words, sealed; absent for kinds without words.</summary>
    public SealedContent? Content { get; init; }

    /// <summary>Media to be had from the gateway.</summary>
    public required IReadOnlyList<ReceivedMedia> Media { get; init; }

    /// <summary>W3C trace context of the webhook, so that one trace spans webhook to reply.</summary>
    [NotPersonal("a random trace id")]
    public string? TraceParent { get; init; }
}

/// <summary>A picture, voice note or document; its bytes are fetched from the gateway.</summary>
public sealed record ReceivedMedia
{
    /// <summary>Ours.</summary>
    public required MediaId MediaId { get; init; }

    /// <summary>As Meta names it.</summary>
    [NotPersonal("a media type")]
    public required string MimeType { get; init; }

    /// <summary>Size, where known.</summary>
    public long? Bytes { get; init; }
}
