using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Identity.DataSubjects;

/// <summary>
/// Closes a business with its last owner: nobody belongs to it any more and its name is noise. The other services disconnect its numbers
/// and end its subscription when they hear of it.
/// </summary>
internal sealed class CloseBusiness(Vault vault, TimeProvider clock)
{
    public async Task RunAsync(IdentityDbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        await db.SetTenantAsync(tenant, cancellationToken);
        if (await db.Tenants.AsNoTracking().SingleOrDefaultAsync(row => row.TenantId == tenant, cancellationToken) is not { } business)
            return;
        await db.Database.ExecuteSqlAsync(
            $"""
            delete from membership_route where tenant_id = {tenant.Value};
            delete from membership where tenant_id = {tenant.Value};
            delete from tenant where tenant_id = {tenant.Value};
            """,
            cancellationToken
        );
        await vault.EraseTenantAsync(db, tenant, cancellationToken);
        db.Publish(
            new TenantClosed
            {
                TenantId = tenant,
                Country = business.Country,
                At = clock.GetUtcNow(),
            },
            clock
        );
    }
}
