using System.Text.Json.Serialization;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Contracts.AiResponder;

/// <summary>An answer is ready to be sent. Its words stay sealed.</summary>
public sealed record ReplyGenerated
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reply; the same after any crash.</summary>
    public required ReplyId ReplyId { get; init; }

    /// <summary>What it is billed under; absent for notices.</summary>
    public UsageId? UsageId { get; init; }

    /// <summary>The turn.</summary>
    public required TurnId TurnId { get; init; }

    /// <summary>The business number.</summary>
    public required ChannelId ChannelId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Orders the replies of a thread.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The reply before it, where nobody has said yet what became of that one: it goes first.</summary>
    public ReplyId? Follows { get; init; }

    /// <summary>The messages it answers.</summary>
    public required IReadOnlyList<MessageId> Answers { get; init; }

    /// <summary>What kind of answer it is.</summary>
    public required ReplyOutcome Outcome { get; init; }

    /// <summary>After this moment it is not sent.</summary>
    public required DateTimeOffset SendBefore { get; init; }

    /// <summary>The structured answer, sealed.</summary>
    public required SealedContent Content { get; init; }
}

/// <summary>What kind of answer it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplyOutcome>))]
public enum ReplyOutcome
{
    /// <summary>The question was answered from what the business said.</summary>
    Answered,

    /// <summary>The assistant asks back.</summary>
    Clarifying,

    /// <summary>The assistant does not know and says so.</summary>
    Unknown,

    /// <summary>Not this business's matter.</summary>
    OutOfScope,

    /// <summary>A person is needed.</summary>
    HandOver,

    /// <summary>A fixed text, made without a model and not billed.</summary>
    Notice,
}
