using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Usages;

/// <summary>Where a reservation stands, as the responder sees it.</summary>
internal enum UsageState
{
    /// <summary>Billing has not answered.</summary>
    Asked,

    /// <summary>The model may be called.</summary>
    Granted,

    /// <summary>It may not.</summary>
    Denied,

    /// <summary>A reply carries it; the gateway's word about the reply settles it.</summary>
    Used,

    /// <summary>The turn ended without the model's reply and billing was told.</summary>
    Released,
}

/// <summary>A reserved answer: asked when the first message arrives, answered at any time, read by the claim.</summary>
[NotPersonal("names a reservation and a thread, no person")]
internal sealed class Usage
{
    /// <summary>Billing lost or slow: it is asked again after 5, 15 and 60 seconds.</summary>
    public static IReadOnlyList<TimeSpan> Repeats { get; } = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    public required UsageId UsageId { get; init; }

    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    /// <summary>The first message of the turn it is for.</summary>
    public required int FromSeq { get; init; }

    public required UsageState State { get; set; }

    public DenialReason? Reason { get; set; }

    /// <summary>Computed once, when it is first asked.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>How often it was repeated.</summary>
    public int RepeatCount { get; set; }

    /// <summary>When it is asked again; none once answered or after the last repeat.</summary>
    public DateTimeOffset? RepeatAt { get; set; }

    /// <summary>PostgreSQL keeps microseconds: a repeat must name the same end as the first command, to the tick.</summary>
    public static DateTimeOffset EndAt(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));

    public ReserveUsage Command(long costCeiling) =>
        new()
        {
            TenantId = TenantId,
            UsageId = UsageId,
            ThreadId = ThreadId,
            Replies = 1,
            CostCeiling = costCeiling,
            ExpiresAt = ExpiresAt,
        };

    internal static void Map(EntityTypeBuilder<Usage> entity)
    {
        entity.ToTable("usage");
        entity.HasKey(usage => usage.UsageId);
        entity.HasIndex(usage => new { usage.ThreadId, usage.FromSeq }).IsUnique();
        entity.HasIndex(usage => usage.RepeatAt).HasFilter("repeat_at is not null");
        entity.HasIndex(usage => usage.ExpiresAt);
    }
}
