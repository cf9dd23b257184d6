using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>
/// A thread was taken over, released, opted out, opted in or erased. Versions rise under the thread's row lock; a lower one than seen
/// is ignored.
/// </summary>
public sealed record ThreadChanged
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Raised with each change.</summary>
    public required long Version { get; init; }

    /// <summary>Who answers from now on.</summary>
    public required ThreadMode Mode { get; init; }

    /// <summary>The contact said stop.</summary>
    public required bool OptedOut { get; init; }

    /// <summary>The contact was erased.</summary>
    public required bool Erased { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
