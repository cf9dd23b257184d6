using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.DataSubjectRequest;

/// <summary>A proved request: what identity holds about this person changed; take over the new version.</summary>
public sealed record RectificationRequested
{
    /// <summary>The controller; absent for an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The request.</summary>
    public required SubjectRequestId RequestId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Account or contact.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>Profile version to apply.</summary>
    public long? Version { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
