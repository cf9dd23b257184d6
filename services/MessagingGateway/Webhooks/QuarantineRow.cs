using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>What could not be understood or stored, sealed anew in window class 72, for an operator to replay.</summary>
[NotPersonal("sealed bytes, times and a reason")]
internal sealed class QuarantineRow
{
    public required Guid Id { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>A word, never a quotation.</summary>
    public required string Reason { get; init; }

    /// <summary>body, value or item.</summary>
    public required string What { get; init; }
    public Guid? TenantId { get; init; }
    public required string Epoch { get; init; }
    public required byte[] Nonce { get; init; }
    public required byte[] Ciphertext { get; init; }
    public required byte[] Tag { get; init; }
    public string? TraceParent { get; init; }

    /// <summary>Meta's id of the business number, where it is known.</summary>
    public string? PhoneNumberId { get; init; }

    public static void Map(EntityTypeBuilder<QuarantineRow> entity)
    {
        entity.ToTable("quarantine").HasKey(row => row.Id);
        entity.HasIndex(row => row.ArrivedAt);
    }
}
