using WpAsis.AiResponder.Profiles;
using WpAsis.AiResponder.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.AiResponder.Turns;

/// <summary>All that a worker needs while it holds no connection. It lives in memory only, as long as the call.</summary>
internal sealed record OpenedTurn
{
    public required TurnClaim Claim { get; init; }

    public required int FromSeq { get; init; }

    public required int ToSeq { get; init; }

    public required int Version { get; init; }

    public required int HardVersion { get; init; }

    public required short Rebuilds { get; init; }

    public required short Attempts { get; init; }

    public required short Delays { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    public required ChannelId ChannelId { get; init; }

    public required UsageId UsageId { get; init; }

    /// <summary>The reply before it, as long as it is not settled.</summary>
    public required ReplyId? Follows { get; init; }

    /// <summary>The turn is closed as late then.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The earlier of the reservation's end and the window's.</summary>
    public required DateTimeOffset SendBefore { get; init; }

    public required string? TraceParent { get; init; }

    public required WindowClass Window { get; init; }

    public required TurnPace Pace { get; init; }

    public required ProfileText Profile { get; init; }

    /// <summary>Decided once per turn.</summary>
    public required string Language { get; init; }

    public required IReadOnlyList<TurnPart> Parts { get; init; }

    public required IReadOnlyList<MemoryEntry> Memory { get; init; }

    public TurnId TurnId => Turn.IdOf(Claim.ThreadId, FromSeq);

    public ReplyId ReplyId => Turn.ReplyIdOf(Claim.ThreadId, FromSeq);

    public IReadOnlyList<MessageId> Answers => [.. Parts.Where(part => part.State is not PartState.Revoked).Select(part => part.MessageId)];
}

/// <summary>What can be made of a message.</summary>
internal enum PartState
{
    Readable,

    /// <summary>A sticker, a picture without words: it can't be read yet, and the contact is told.</summary>
    Unreadable,

    /// <summary>Taken back.</summary>
    Revoked,

    /// <summary>Its epoch has ended.</summary>
    Expired,
}

/// <summary>One message of the turn.</summary>
internal sealed record TurnPart(MessageId MessageId, PartState State, string Text);
