using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Usage;

/// <summary>What became of a reservation. All but the first are for ever.</summary>
internal enum ReservationState
{
    /// <summary>Room is taken.</summary>
    Reserved,

    /// <summary>There was none.</summary>
    Denied,

    /// <summary>The replies were sent: they count.</summary>
    Settled,

    /// <summary>They were not: the room is given back.</summary>
    Released,

    /// <summary>They were sent without a reservation, beyond the cap: they are not billed.</summary>
    WrittenOff,
}

/// <summary>One usage id and its outcome. Asked again it gets the same answer.</summary>
[NotPersonal("a usage id, counts and times; which conversation it was for is not kept")]
internal sealed class Reservation
{
    public required UsageId UsageId { get; init; }

    public required TenantId TenantId { get; init; }

    /// <summary>The period whose counter it was taken from.</summary>
    public required int Period { get; init; }

    public required int Replies { get; init; }

    public required ReservationState State { get; init; }

    public DenialReason? Reason { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the final word came.</summary>
    public DateTimeOffset? FinalAt { get; init; }

    internal static void Map(EntityTypeBuilder<Reservation> entity)
    {
        entity.ToTable("reservation");
        entity.HasKey(reservation => reservation.UsageId);
        entity.HasIndex(reservation => new { reservation.TenantId, reservation.Period });
        entity.HasIndex(reservation => new { reservation.TenantId, reservation.ExpiresAt }).HasFilter("state = 'Reserved'");
    }
}
