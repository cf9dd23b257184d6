using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tenants;

/// <summary>What sweepers do for each customer.</summary>
internal enum TenantTask
{
    /// <summary>End a trial, begin the next month.</summary>
    RollOver,

    /// <summary>Give back what nobody has settled.</summary>
    Release,

    /// <summary>Forget.</summary>
    Purge,

    /// <summary>Ask Stripe.</summary>
    Sync,
}

/// <summary>When a sweeper has to look at a customer next. Technical: row-level security would hide from a sweeper whom to name.</summary>
[NotPersonal("a customer's id and times")]
internal sealed class TenantRoute
{
    public required TenantId TenantId { get; init; }

    public required TenantTask Task { get; init; }

    /// <summary>Null: nothing is to come.</summary>
    public DateTimeOffset? DueAt { get; init; }

    internal static void Map(EntityTypeBuilder<TenantRoute> entity)
    {
        entity.ToTable("tenant_route");
        entity.HasKey(route => new { route.TenantId, route.Task });
        entity.HasIndex(route => new { route.Task, route.DueAt });
    }
}
