using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Who wrote when, and how far it came. Never what was said. Day partitions, 90 days.</summary>
[MessageMetadata(
    Purpose = Purpose.Service,
    Clause = "P1.3",
    Retention = nameof(RetentionTable.MessageMetadata),
    OnErase = OnErase.Anonymise
)]
internal sealed class MessageLogEntry
{
    public required DateTimeOffset ArrivedAt { get; init; }
    public required MessageId Id { get; init; }
    public required TenantId TenantId { get; init; }
    public required ThreadId ThreadId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required DataSubjectId Subject { get; init; }

    [NotPersonal("a direction")]
    public required string Direction { get; init; }

    [NotPersonal("a kind")]
    public required string Kind { get; init; }
    public long Sequence { get; init; }

    /// <summary>Holds the contact's number in base64.</summary>
    [PhoneData(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Shred)]
    public SealedText? Wamid { get; init; }
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Meta's own time; false where it was unusable and the time of arrival stands in.</summary>
    public bool SentAtUsable { get; init; }
    public MessageId? Concerns { get; init; }
    public ReplyId? ReplyId { get; init; }

    [NotPersonal("a state")]
    public string? Status { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public DateTimeOffset? AcceptedAt { get; init; }
    public DateTimeOffset? SentStatusAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public DateTimeOffset? PlayedAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public int? ErrorCode { get; init; }
    public bool? Billable { get; init; }

    [NotPersonal("Meta's word")]
    public string? PricingModel { get; init; }

    [NotPersonal("Meta's word")]
    public string? PricingType { get; init; }

    [NotPersonal("Meta's word")]
    public string? PricingCategory { get; init; }

    public static void Map(EntityTypeBuilder<MessageLogEntry> entity)
    {
        entity.ToTable("message_log").HasKey(message => new { message.ArrivedAt, message.Id });
        entity.HasIndex(message => new
        {
            message.ThreadId,
            message.ArrivedAt,
            message.Id,
        });
        entity.HasIndex(message => new
        {
            message.TenantId,
            message.ArrivedAt,
            message.Id,
        });
    }
}
