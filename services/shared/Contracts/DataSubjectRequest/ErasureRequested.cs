using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.DataSubjectRequest;

/// <summary>A proved request: forget this person.</summary>
public sealed record ErasureRequested
{
    /// <summary>The controller; absent for an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The request.</summary>
    public required SubjectRequestId RequestId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Account or contact.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>An account asked that the businesses whose last owner it is are closed with it.</summary>
    public bool? CloseBusinesses { get; init; }

    /// <summary>Events of the subject up to this moment are dropped.</summary>
    public required DateTimeOffset At { get; init; }
}
