using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Identity.Tenants;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Identity.DataSubjects;

/// <summary>A business of an account, and whether it would be without an owner after it.</summary>
internal sealed record Ownership(TenantId TenantId, bool IsLastOwner)
{
    /// <summary>All businesses of an account; their members stay as they are until the caller's transaction ends.</summary>
    public static async Task<List<Ownership>> OfAsync(IdentityDbContext db, AccountId account, CancellationToken cancellationToken)
    {
        var tenants = await db
            .MembershipRoutes.AsNoTracking()
            .Where(route => route.AccountId == account)
            .Select(route => route.TenantId)
            .ToListAsync(cancellationToken);
        var found = new List<Ownership>(tenants.Count);
        foreach (var tenant in tenants.OrderBy(tenant => tenant.Value))
        {
            await db.SetTenantAsync(tenant, cancellationToken);
            var owners = await db
                .Memberships.FromSql(
                    $"""
                    select * from membership where tenant_id = {tenant.Value} and role = {nameof(MemberRole.Owner)}
                    order by account_id for update
                    """
                )
                .AsNoTracking()
                .ToListAsync(cancellationToken);
            found.Add(new(tenant, owners is [var only] && only.AccountId == account));
        }
        return found;
    }
}
