using System.Text.Json.Serialization;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Billing;

/// <summary>The answer may not be made.</summary>
[NotPersonal("names a reservation and a thread, no person")]
public sealed record UsageDenied
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reservation.</summary>
    public required UsageId UsageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>As asked.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Why.</summary>
    public DenialReason? Reason { get; init; }
}

/// <summary>Why a reservation was denied.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DenialReason>))]
public enum DenialReason
{
    /// <summary>The plan's answers are used up.</summary>
    QuotaExhausted,

    /// <summary>The trial is over.</summary>
    TrialEnded,

    /// <summary>No active plan.</summary>
    NotEntitled,

    /// <summary>The spend cap is reached.</summary>
    SpendCapReached,

    /// <summary>The customer left.</summary>
    TenantClosed,
}
