using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Identity;

/// <summary>A person's profile changed. Carries no values: who needs them asks identity.</summary>
public sealed record SubjectProfileChanged
{
    /// <summary>Absent when the account belongs to no tenant.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Rises with each change.</summary>
    public required long Version { get; init; }
}
