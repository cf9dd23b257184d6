using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.DataSubjectRequest.Receipts;

/// <summary>A public key that a service has shown: receipts stay verifiable when the service is away or signs with another.</summary>
[NotPersonal("a public key")]
internal sealed class KnownReceiptKey
{
    public required string Service { get; init; }

    public required string Kid { get; init; }

    public required string X { get; init; }

    public required string Y { get; init; }

    internal static void Map(EntityTypeBuilder<KnownReceiptKey> entity)
    {
        entity.ToTable("receipt_key");
        entity.HasKey(key => new { key.Service, key.Kid });
    }
}
