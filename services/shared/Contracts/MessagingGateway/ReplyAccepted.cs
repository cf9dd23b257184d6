using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>WhatsApp took the reply: an id came back, or a status carried ours.</summary>
public sealed record ReplyAccepted
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reply.</summary>
    public required ReplyId ReplyId { get; init; }

    /// <summary>What it is billed under; absent for notices.</summary>
    public UsageId? UsageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>The message it became.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }
}
