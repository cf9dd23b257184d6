using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>A tenant of this service: what sweepers iterate, and how long its content lives.</summary>
[NotPersonal("about a business")]
internal sealed class TenantRoute
{
    public required TenantId TenantId { get; init; }

    /// <summary>Hours: 6, 12, 24 or 72.</summary>
    public required int WindowClass { get; init; }

    public static void Map(EntityTypeBuilder<TenantRoute> entity) => entity.ToTable("tenant_route").HasKey(route => route.TenantId);
}
