using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Billing;

/// <summary>The answer may be made.</summary>
[NotPersonal("names a reservation and a thread, no person")]
public sealed record UsageReserved
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reservation.</summary>
    public required UsageId UsageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>Until when it holds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
