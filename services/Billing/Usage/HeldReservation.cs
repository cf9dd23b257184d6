using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>
/// What was said about a usage id of a customer that has not registered yet. Answered when it registers; forgotten after 8 days.
/// Technical: the customer is not known to any other table.
/// </summary>
[NotPersonal("ids and times, until the customer is known")]
internal sealed class HeldReservation
{
    public required UsageId UsageId { get; init; }

    public required TenantId TenantId { get; init; }

    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>Absent where only the final word has come.</summary>
    public ThreadId? ThreadId { get; init; }

    public int Replies { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Settled or released, where the final word came first.</summary>
    public ReservationState? Final { get; init; }

    internal static void Map(EntityTypeBuilder<HeldReservation> entity)
    {
        entity.ToTable("held_reservation");
        entity.HasKey(held => held.UsageId);
        entity.HasIndex(held => held.TenantId);
        entity.HasIndex(held => held.HeldAt);
    }
}
