using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>A connected business number with its token, sealed under its tenant's key.</summary>
internal sealed class Channel
{
    public required ChannelId Id { get; init; }
    public required TenantId TenantId { get; init; }

    [NotPersonal("Meta's id of a business number")]
    public required string PhoneNumberId { get; init; }

    [NotPersonal("Meta's id of a business account")]
    public required string WabaId { get; init; }

    [TenantText]
    public SealedText? DisplayNumber { get; init; }

    [TenantText]
    public SealedText? VerifiedName { get; init; }

    [TenantSecret]
    public required SealedText AccessToken { get; init; }

    [NotPersonal("a state")]
    public required string State { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }
    public DateTimeOffset? DisconnectedAt { get; init; }

    [NotPersonal("a state")]
    public required string CircuitState { get; init; }

    [NotPersonal("Meta's error code")]
    public string? CircuitReason { get; init; }
    public DateTimeOffset? CircuitUntil { get; init; }

    /// <summary>Since when an operator has stopped sending; null while nobody has. A reconnection does not lift it.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Until when the number's rate is spent.</summary>
    public DateTimeOffset? PaceAt { get; init; }

    public static void Map(EntityTypeBuilder<Channel> entity)
    {
        entity.ToTable("channel").HasKey(channel => channel.Id);
        entity.HasIndex(channel => channel.PhoneNumberId);
    }
}
