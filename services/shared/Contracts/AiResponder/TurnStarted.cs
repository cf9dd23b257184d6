using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.AiResponder;

/// <summary>The assistant began to answer; the gateway marks the newest message read and shows typing.</summary>
public sealed record TurnStarted
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The turn.</summary>
    public required TurnId TurnId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>The messages it answers, oldest first.</summary>
    public required IReadOnlyList<MessageId> MessageIds { get; init; }
}
