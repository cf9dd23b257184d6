using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>
/// Replies of one customer in one period. <see cref="Used"/> is the sum of what was settled, <see cref="Reserved"/> of what is open, and
/// both together never exceed <see cref="Cap"/>: one conditional statement takes, and the table's own check stands behind it.
/// </summary>
[NotPersonal("a business's counts")]
internal sealed class UsageCounter
{
    public required TenantId TenantId { get; init; }

    public required int Period { get; init; }

    public required DateTimeOffset PeriodEnd { get; init; }

    public required int Cap { get; init; }

    public int Used { get; init; }

    public int Reserved { get; init; }

    internal static void Map(EntityTypeBuilder<UsageCounter> entity)
    {
        entity.ToTable(
            "usage_counter",
            table => table.HasCheckConstraint("within_cap", "used >= 0 and reserved >= 0 and used + reserved <= cap")
        );
        entity.HasKey(counter => new { counter.TenantId, counter.Period });
    }
}
