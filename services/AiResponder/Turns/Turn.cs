using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.AiResponder.Turns;

/// <summary>Where an attempt stands.</summary>
internal enum TurnState
{
    /// <summary>The model is being asked.</summary>
    Generating,

    /// <summary>A newer message, an edit, an error or a lost lease ended the attempt; the turn goes on under a new fence.</summary>
    Superseded,

    /// <summary>A reply was made: by the model or as a notice.</summary>
    Sealed,

    /// <summary>Closed without a reply.</summary>
    Closed,
}

/// <summary>Why a turn ended without the model's reply, or what ended an attempt.</summary>
internal enum TurnReason
{
    None,
    HumanInCharge,
    OptedOut,
    Erased,
    Revoked,
    Expired,
    WindowClosed,
    Late,
    Denied,
    NotConfigured,
    Unreadable,
    Declined,
    Failed,
    NewMessage,
    Changed,
    ModelAway,
    Error,
    Stopped,
}

/// <summary>One attempt to answer the messages from one number on. The last one of a range says how the range ended.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Delete)]
internal sealed class Turn
{
    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required int FromSeq { get; init; }

    public required long Fence { get; init; }

    /// <summary>The same for every attempt at the same first message.</summary>
    public required TurnId TurnId { get; init; }

    public required int ToSeq { get; init; }

    public required TurnState State { get; init; }

    public TurnReason Reason { get; init; }

    public UsageId? UsageId { get; init; }

    /// <summary>Name of the model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>Model calls of the attempt. A cancelled one counts: whether the provider bills it is not known.</summary>
    public int Calls { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public static TurnId IdOf(ThreadId thread, int fromSeq) => TypedId.Derive<TurnId>("turn", thread.Value, Numbered(fromSeq));

    public static ReplyId ReplyIdOf(ThreadId thread, int fromSeq) => TypedId.Derive<ReplyId>("reply", thread.Value, Numbered(fromSeq));

    public static UsageId UsageIdOf(ThreadId thread, int fromSeq) => TypedId.Derive<UsageId>("usage", thread.Value, Numbered(fromSeq));

    private static Guid Numbered(int seq) => new(seq, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    internal static void Map(EntityTypeBuilder<Turn> entity)
    {
        entity.ToTable("turn");
        entity.HasKey(turn => new
        {
            turn.ThreadId,
            turn.FromSeq,
            turn.Fence,
        });
        entity.HasIndex(turn => new { turn.TenantId, turn.ChangedAt });
    }
}
