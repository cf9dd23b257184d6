using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Stripe;

/// <summary>Which customer of ours is which of Stripe's. Technical: an event names Stripe's before ours is known.</summary>
[NotPersonal("a business's ids")]
internal sealed class StripeRoute
{
    [NotPersonal("Stripe's id of a business")]
    public required string CustomerId { get; init; }

    public required TenantId TenantId { get; init; }

    internal static void Map(EntityTypeBuilder<StripeRoute> entity)
    {
        entity.ToTable("stripe_route");
        entity.HasKey(route => route.CustomerId);
        entity.Property(route => route.CustomerId).HasMaxLength(255);
        entity.HasIndex(route => route.TenantId).IsUnique();
    }
}
