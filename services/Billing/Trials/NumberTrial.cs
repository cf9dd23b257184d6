using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Trials;

/// <summary>A business number has one trial, whoever registers with it. Technical: it must be seen across customers.</summary>
[NotPersonal("keyed hash of a business number")]
internal sealed class NumberTrial
{
    [NotPersonal("keyed hash of a business number")]
    public required string NumberKey { get; init; }

    /// <summary>Whose trial it was.</summary>
    public required TenantId TenantId { get; init; }

    public required DateTimeOffset At { get; init; }

    internal static void Map(EntityTypeBuilder<NumberTrial> entity)
    {
        entity.ToTable("number_trial");
        entity.HasKey(trial => trial.NumberKey);
        entity.Property(trial => trial.NumberKey).HasMaxLength(128);
    }
}

/// <summary>A customer's number, connected or not: the latest word about it.</summary>
[NotPersonal("keyed hash of a business number")]
internal sealed class ConnectedNumber
{
    public required TenantId TenantId { get; init; }

    public required ChannelId ChannelId { get; init; }

    [NotPersonal("keyed hash of a business number")]
    public required string NumberKey { get; init; }

    public required bool IsConnected { get; init; }

    /// <summary>When the gateway said so; words come in any order.</summary>
    public required DateTimeOffset At { get; init; }

    internal static void Map(EntityTypeBuilder<ConnectedNumber> entity)
    {
        entity.ToTable("connected_number");
        entity.HasKey(number => new { number.TenantId, number.ChannelId });
        entity.Property(number => number.NumberKey).HasMaxLength(128);
    }
}
