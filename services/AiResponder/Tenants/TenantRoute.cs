using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.AiResponder.Tenants;

/// <summary>A customer, as sweepers find it before any tenant is named, with what it chose about time.</summary>
[NotPersonal("about a business")]
internal sealed class TenantRoute
{
    public required TenantId TenantId { get; init; }

    /// <summary>Absent while only its messages are known: nothing relies on the order of delivery.</summary>
    public DateTimeOffset? RegisteredAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>How long what was said may be opened.</summary>
    public WindowClass Window { get; set; } = WindowClass.Hours24;

    /// <summary>Silence that ends collecting, in milliseconds; 0 answers at once. Absent: the default.</summary>
    public int? CollectMilliseconds { get; set; }

    /// <summary>Age at which a question is no longer answered, in seconds. Absent: the default.</summary>
    public int? MaxReplyAgeSeconds { get; set; }

    internal static void Map(EntityTypeBuilder<TenantRoute> entity)
    {
        entity.ToTable("tenant_route");
        entity.HasKey(route => route.TenantId);
    }
}
