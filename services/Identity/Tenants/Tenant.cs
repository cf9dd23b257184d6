using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Identity.Tenants;

/// <summary>A customer: a business.</summary>
internal sealed class Tenant
{
    public static readonly SealedColumn NameColumn = new("identity", "tenant", "name");

    public required TenantId TenantId { get; init; }

    /// <summary>Under the tenant's key: a one-person business is called like its person.</summary>
    [TenantText(Purpose = Purpose.Service, Clause = "P1.1", Retention = "Tenant", OnErase = OnErase.Shred)]
    public required SealedText Name { get; set; }

    [NotPersonal("a country")]
    public string? Country { get; set; }

    [NotPersonal("tr or en")]
    public required string Language { get; set; }

    public required DateTimeOffset RegisteredAt { get; init; }

    internal static void Map(EntityTypeBuilder<Tenant> entity)
    {
        entity.ToTable("tenant");
        entity.HasKey(tenant => tenant.TenantId);
    }
}
