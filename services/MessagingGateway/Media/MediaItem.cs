using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Media;

/// <summary>A picture, voice note or document that arrived. Its bytes stay with Meta until they are asked for.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Delete)]
internal sealed class MediaItem
{
    public required MediaId Id { get; init; }
    public required TenantId TenantId { get; init; }
    public required MessageId MessageId { get; init; }
    public required ThreadId ThreadId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required DataSubjectId Subject { get; init; }

    [MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Shred)]
    public required SealedText MetaMediaId { get; init; }

    [NotPersonal("a media type")]
    public required string MimeType { get; init; }

    [NotPersonal("hash of the bytes as Meta gives it; it goes with the row")]
    public string? Sha256 { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }

    public static void Map(EntityTypeBuilder<MediaItem> entity)
    {
        entity.ToTable("media").HasKey(media => media.Id);
        entity.HasIndex(media => media.ArrivedAt);
        entity.HasIndex(media => media.MessageId);
    }
}
