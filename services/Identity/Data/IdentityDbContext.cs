using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Attempts;
using WpAsis.Identity.Notices;
using WpAsis.Identity.Sessions;
using WpAsis.Identity.Tenants;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Identity.Data;

/// <summary>Accounts, customers, sessions, notices, and OpenIddict's own tables.</summary>
internal class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : ServiceDbContext(options)
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<SignUp> SignUps => Set<SignUp>();

    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<MembershipRoute> MembershipRoutes => Set<MembershipRoute>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<AttemptBucket> AttemptBuckets => Set<AttemptBucket>();

    public DbSet<Notice> Notices => Set<Notice>();

    protected override void MapService(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(Account.Map);
        modelBuilder.Entity<SignUp>(SignUp.Map);
        modelBuilder.Entity<Tenant>(Tenant.Map);
        modelBuilder.Entity<Membership>(Membership.Map);
        modelBuilder.Entity<MembershipRoute>(MembershipRoute.Map);
        modelBuilder.Entity<Session>(Session.Map);
        modelBuilder.Entity<AttemptBucket>(AttemptBucket.Map);
        modelBuilder.Entity<Notice>(Notice.Map);
        modelBuilder.Entity<StoredReceipt>(StoredReceipt.Map);
        modelBuilder.UseOpenIddict<Guid>();
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table && table.StartsWith("OpenIddict", StringComparison.Ordinal))
                entity.SetTableName("openiddict_" + table["OpenIddict".Length..].TrimEnd('s'));
        }
    }
}

/// <summary>
/// The same database for the issuer's own stores. They keep rows in hand over a whole request, and a transaction of ours forgets
/// what its context holds: with one context between them a code could not be marked as used.
/// </summary>
internal sealed class IssuerDbContext(DbContextOptions<IdentityDbContext> options) : IdentityDbContext(options);

/// <summary><c>dotnet ef migrations add … --context IdentityDbContext</c>.</summary>
internal sealed class IdentityDesignTime() : DesignTimeFactory<IdentityDbContext>(options => new(options));
