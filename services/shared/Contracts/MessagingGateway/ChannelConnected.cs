using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>A tenant connected a business number.</summary>
[NotPersonal("about a business number")]
public sealed record ChannelConnected
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The business number.</summary>
    public required ChannelId ChannelId { get; init; }

    /// <summary>HMAC of the number under a pepper made for this purpose: one trial per number.</summary>
    [NotPersonal("keyed hash of a business number")]
    public required string NumberKey { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
