using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.DataSubjectRequest;

/// <summary>A service applied a correction and signs for it.</summary>
public sealed record SubjectRectified
{
    /// <summary>The controller; absent for an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The request.</summary>
    public required SubjectRequestId RequestId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Which service.</summary>
    [NotPersonal("a service's name")]
    public required string Service { get; init; }

    /// <summary>JWS without personal data.</summary>
    [NotPersonal("counts, hashes and times only")]
    public required string Receipt { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
