using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Identity;

/// <summary>A session ended before its tokens did. Reaches every replica.</summary>
public sealed record SessionRevoked
{
    /// <summary>The session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
