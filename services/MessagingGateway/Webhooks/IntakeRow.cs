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

    // By age it is found by its key, which begins with the time: an index more would be written for every POST.
    public static void Map(EntityTypeBuilder<IntakeRow> entity)
    {
        entity.ToTable("intake").HasKey(row => row.Id);
        entity.Property(row => row.Attempts).HasDefaultValue(0);
    }
}
