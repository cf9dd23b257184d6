using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>How a webhook finds its tenant before one is known. One number belongs to one tenant.</summary>
[NotPersonal("Meta's ids of a business")]
internal sealed class ChannelRoute
{
    public required string PhoneNumberId { get; init; }
    public required string WabaId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required TenantId TenantId { get; init; }
    public required bool Connected { get; init; }

    public static void Map(EntityTypeBuilder<ChannelRoute> entity)
    {
        entity.ToTable("channel_route").HasKey(route => route.PhoneNumberId);
        entity.HasIndex(route => route.WabaId);
        entity.HasIndex(route => route.ChannelId);
    }
}
