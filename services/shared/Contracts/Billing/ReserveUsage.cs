using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Billing;

/// <summary>Reserve answers before the model is called. Asked again with the same id it gets the same answer.</summary>
[NotPersonal("names a reservation and a thread, no person")]
public sealed record ReserveUsage
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reservation; made by the sender.</summary>
    public required UsageId UsageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>How many answers.</summary>
    public required int Replies { get; init; }

    /// <summary>Most that the turn may cost, in micro-units of the operator's currency.</summary>
    public required long CostCeiling { get; init; }

    /// <summary>Computed once by the sender.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
