using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.AiResponder.Threads;

/// <summary>Somebody of the business opened what was said in a thread: who and when, and nothing of what they saw.</summary>
[SecurityData(
    Purpose = Purpose.FraudPrevention,
    Clause = "P1.2",
    Retention = nameof(RetentionTable.SecurityEvents),
    OnErase = OnErase.Hold
)]
internal sealed class ContentAccess
{
    [NotPersonal("a random id")]
    public required Guid AccessId { get; init; }

    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required AccountId AccountId { get; init; }

    public required DateTimeOffset At { get; init; }

    internal static void Map(EntityTypeBuilder<ContentAccess> entity)
    {
        entity.ToTable("content_access");
        entity.HasKey(access => access.AccessId);
        entity.HasIndex(access => new { access.TenantId, access.At });
    }
}
