using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.AiResponder;

/// <summary>A turn ended without a reply; what was reserved goes back.</summary>
[NotPersonal("names a reservation and a thread, no person")]
public sealed record UsageReleased
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reservation.</summary>
    public required UsageId UsageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }
}
