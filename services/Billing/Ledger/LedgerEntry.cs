using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Billing.Subscriptions;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Ledger;

/// <summary>What can happen to a customer's account with us.</summary>
internal enum LedgerKind
{
    /// <summary>A trial began.</summary>
    TrialBegun,

    /// <summary>An operator gave a plan.</summary>
    PlanGiven,

    /// <summary>The customer pays for a plan.</summary>
    PlanBought,

    /// <summary>A paid plan was cancelled and is over.</summary>
    PlanEnded,

    /// <summary>A month began.</summary>
    PeriodBegun,

    /// <summary>Replies were sent and count.</summary>
    Settled,

    /// <summary>Replies were sent that nothing was reserved for, beyond the cap: never billed.</summary>
    WrittenOff,

    /// <summary>The customer left.</summary>
    Closed,
}

/// <summary>One line of the ledger. Lines are added and, three years later, forgotten; the roles' grants allow nothing else.</summary>
[NotPersonal("a business's plan and counts; the reason is an operator's and is refused where it looks like a person's address or number")]
internal sealed class LedgerEntry
{
    public required Guid Id { get; init; }

    public required TenantId TenantId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required LedgerKind Kind { get; init; }

    public required int Period { get; init; }

    public int Replies { get; init; }

    public UsageId? UsageId { get; init; }

    [NotPersonal("a plan's id")]
    public string? Plan { get; init; }

    [NotPersonal("an operator's reason; addresses and numbers are refused")]
    public string? Reason { get; init; }

    public static LedgerEntry Of(Subscription subscription, LedgerKind kind, string? reason, TimeProvider clock) =>
        new()
        {
            Id = TypedId.NewGuid(clock),
            TenantId = subscription.TenantId,
            At = clock.GetUtcNow(),
            Kind = kind,
            Period = subscription.Period,
            Plan = subscription.Plan,
            Reason = reason,
        };

    internal static void Map(EntityTypeBuilder<LedgerEntry> entity)
    {
        entity.ToTable("ledger");
        entity.HasKey(entry => entry.Id);
        entity.Property(entry => entry.Plan).HasMaxLength(40);
        entity.Property(entry => entry.Reason).HasMaxLength(200);
        entity.HasIndex(entry => new { entry.TenantId, entry.At });
        // No usage is booked twice, whatever else goes wrong.
        entity.HasIndex(entry => entry.UsageId).IsUnique();
    }
}
