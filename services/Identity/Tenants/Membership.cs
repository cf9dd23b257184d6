using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Ids;

namespace WpAsis.Identity.Tenants;

/// <summary>What a member may do, from most to least.</summary>
internal enum MemberRole
{
    Owner,
    Admin,
    Billing,
    Agent,
    Viewer,
}

/// <summary>An account's part in a tenant.</summary>
internal sealed class Membership
{
    public required TenantId TenantId { get; init; }

    public required AccountId AccountId { get; init; }

    public required MemberRole Role { get; set; }

    public required DateTimeOffset Since { get; init; }

    internal static void Map(EntityTypeBuilder<Membership> entity)
    {
        entity.ToTable("membership");
        entity.HasKey(membership => new { membership.TenantId, membership.AccountId });
    }
}

/// <summary>The way from an account to its tenants before a tenant is named; says nothing else.</summary>
internal sealed class MembershipRoute
{
    public required AccountId AccountId { get; init; }

    public required TenantId TenantId { get; init; }

    public required DateTimeOffset Since { get; init; }

    internal static void Map(EntityTypeBuilder<MembershipRoute> entity)
    {
        entity.ToTable("membership_route");
        entity.HasKey(route => new { route.AccountId, route.TenantId });
    }
}

/// <summary>How roles are written in tokens and answers.</summary>
internal static class MemberRoles
{
    public static string Text(this MemberRole role) =>
        role switch
        {
            MemberRole.Owner => "owner",
            MemberRole.Admin => "admin",
            MemberRole.Billing => "billing",
            MemberRole.Agent => "agent",
            _ => "viewer",
        };
}
