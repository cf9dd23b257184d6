using System.Text.Json.Serialization;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Billing;

/// <summary>What a tenant may use changed. Consumers drop older versions and fail closed after ValidUntil.</summary>
[NotPersonal("about a plan")]
public sealed record EntitlementsChanged
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Rises by one.</summary>
    public required long Version { get; init; }

    /// <summary>Whether answers are made.</summary>
    public required EntitlementState State { get; init; }

    /// <summary>Plan id.</summary>
    [NotPersonal("a plan's id")]
    public required string Plan { get; init; }

    /// <summary>Start of the period.</summary>
    public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>End of the period.</summary>
    public required DateTimeOffset PeriodEnd { get; init; }

    /// <summary>Answers included in the period.</summary>
    public required int Included { get; init; }

    /// <summary>After this moment nothing is granted.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
}

/// <summary>Whether answers are made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntitlementState>))]
public enum EntitlementState
{
    /// <summary>Not yet paid.</summary>
    Pending,

    /// <summary>Yes.</summary>
    Active,

    /// <summary>Yes, within what is included.</summary>
    Grace,

    /// <summary>No.</summary>
    Suspended,
}
