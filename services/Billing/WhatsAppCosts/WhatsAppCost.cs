using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.WhatsAppCosts;

/// <summary>What Meta counted for one customer on one UTC day in one of its categories.</summary>
[NotPersonal("a business's counts by day")]
internal sealed class WhatsAppCost
{
    public required TenantId TenantId { get; init; }

    public required DateOnly Day { get; init; }

    [NotPersonal("Meta's word")]
    public required string Category { get; init; }

    public long Messages { get; init; }

    /// <summary>Of these, those that Meta charges for.</summary>
    public long Billable { get; init; }

    internal static void Map(EntityTypeBuilder<WhatsAppCost> entity)
    {
        entity.ToTable("whatsapp_cost");
        entity.HasKey(cost => new
        {
            cost.TenantId,
            cost.Day,
            cost.Category,
        });
        entity.Property(cost => cost.Category).HasMaxLength(40);
    }
}
