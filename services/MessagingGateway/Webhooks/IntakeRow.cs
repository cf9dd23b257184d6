using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>One POST as it arrived, sealed in window class 6. Deleted in the transaction that splits it.</summary>
[NotPersonal("sealed bytes and times")]
internal sealed class IntakeRow
{
    public required Guid Id { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }
    public required string Epoch { get; init; }
    public required byte[] Nonce { get; init; }
    public required byte[] Ciphertext { get; init; }
    public required byte[] Tag { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset? ClaimedUntil { get; init; }
    public string? TraceParent { get; init; }

    public static void Map(EntityTypeBuilder<IntakeRow> entity)
    {
        entity.ToTable("intake").HasKey(row => row.Id);
        entity.Property(row => row.Attempts).HasDefaultValue(0);
        // By age: the oldest is taken up first, and its age is what an operator looks at.
        entity.HasIndex(row => new { row.ArrivedAt, row.Id });
    }
}
