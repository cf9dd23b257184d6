using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.Identity.Attempts;

/// <summary>How much of an allowance is spent. Its key is a keyed hash: it tells neither an address nor an account.</summary>
[NotPersonal("a keyed hash, a number and a time")]
internal sealed class AttemptBucket
{
    public required byte[] Key { get; init; }

    public required double Spent { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    internal static void Map(EntityTypeBuilder<AttemptBucket> entity)
    {
        entity.ToTable("attempt_bucket");
        entity.HasKey(bucket => bucket.Key);
        entity.HasIndex(bucket => bucket.UpdatedAt);
    }
}
