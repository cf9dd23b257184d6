using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.Billing.Stripe;

/// <summary>What became of an event.</summary>
internal enum StripeEventState
{
    /// <summary>Stored; to be applied.</summary>
    Received,

    /// <summary>The customer was brought up to date after it.</summary>
    Applied,

    /// <summary>Of a kind that changes nothing here.</summary>
    Ignored,

    /// <summary>Nobody's here, or not understood. Kept for a look.</summary>
    Quarantined,
}

/// <summary>One event of Stripe, without what it said: the body can hold a person's name and address, and is not needed.</summary>
[NotPersonal("ids of an event and of a business, and times")]
internal sealed class StripeEvent
{
    [NotPersonal("Stripe's id of an event")]
    public required string Id { get; init; }

    [NotPersonal("a kind of event")]
    public required string Type { get; init; }

    [NotPersonal("Stripe's id of a business")]
    public string? CustomerId { get; init; }

    [NotPersonal("a version of Stripe's API")]
    public string? ApiVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required StripeEventState State { get; init; }

    public int Attempts { get; init; }

    public required DateTimeOffset NextAt { get; init; }

    internal static void Map(EntityTypeBuilder<StripeEvent> entity)
    {
        entity.ToTable("stripe_event");
        entity.HasKey(item => item.Id);
        entity.Property(item => item.Id).HasMaxLength(255);
        entity.Property(item => item.Type).HasMaxLength(255);
        entity.Property(item => item.CustomerId).HasMaxLength(255);
        entity.Property(item => item.ApiVersion).HasMaxLength(100);
        entity.HasIndex(item => item.NextAt).HasFilter("state = 'Received'");
        entity.HasIndex(item => item.ReceivedAt);
    }
}

/// <summary>Up to when Stripe's own list of events was read, and when it is read next. One row.</summary>
[NotPersonal("times")]
internal sealed class StripeCursor
{
    [NotPersonal("a list's name")]
    public required string Name { get; init; }

    public required DateTimeOffset ReadUntil { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    internal static void Map(EntityTypeBuilder<StripeCursor> entity)
    {
        entity.ToTable("stripe_cursor");
        entity.HasKey(cursor => cursor.Name);
        entity.Property(cursor => cursor.Name).HasMaxLength(40);
    }
}
