using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.AiResponder.Replies;

/// <summary>What became of a reply.</summary>
internal enum ReplyState
{
    /// <summary>On its way.</summary>
    Generated,

    /// <summary>WhatsApp took it.</summary>
    Accepted,

    /// <summary>It was not sent, and will not be.</summary>
    Dropped,
}

/// <summary>One reply per turn: who got what kind of answer and when. Its words are memory until their epoch ends.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Delete)]
internal sealed class Reply
{
    /// <summary>Kind in the address of a reply's sealed words.</summary>
    public const string Kind = "reply";

    public required ReplyId ReplyId { get; init; }

    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required int FromSeq { get; init; }

    public required int ToSeq { get; init; }

    public required ReplyOutcome Outcome { get; init; }

    public required ReplyState State { get; set; }

    public DropReason? DropReason { get; set; }

    public UsageId? UsageId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>The words; gone when dropped or when their epoch has ended.</summary>
    [MessageContent(Purpose = Purpose.Service, Clause = "P1.4", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Delete)]
    public SealedContent? Content { get; set; }

    public DateTimeOffset? ContentEndsAt { get; set; }

    internal static void Map(EntityTypeBuilder<Reply> entity)
    {
        entity.ToTable("reply");
        entity.HasKey(reply => reply.ReplyId);
        entity.HasIndex(reply => new { reply.ThreadId, reply.FromSeq }).IsUnique();
        entity.HasIndex(reply => new { reply.TenantId, reply.CreatedAt });
    }
}

/// <summary>What a person of the business wrote in the thread: memory, never a turn.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Delete)]
internal sealed class HumanReply
{
    /// <summary>Kind in the address of a person's sealed words.</summary>
    public const string Kind = "human";

    public required ThreadId ThreadId { get; init; }

    public required MessageId MessageId { get; init; }

    public required TenantId TenantId { get; init; }

    public required DateTimeOffset At { get; init; }

    [MessageContent(Purpose = Purpose.Service, Clause = "P1.4", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Delete)]
    public SealedContent? Content { get; init; }

    public DateTimeOffset? ContentEndsAt { get; init; }

    internal static void Map(EntityTypeBuilder<HumanReply> entity)
    {
        entity.ToTable("human_reply");
        entity.HasKey(reply => new { reply.ThreadId, reply.MessageId });
        entity.HasIndex(reply => new { reply.TenantId, reply.At });
    }
}
