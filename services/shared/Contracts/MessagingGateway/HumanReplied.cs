using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>A person answered in the thread, in the console or on the phone.</summary>
public sealed record HumanReplied
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Ours.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Who answered; absent when it was typed on the business's phone.</summary>
    public AccountId? AccountId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The words, sealed.</summary>
    public required SealedContent Content { get; init; }
}
