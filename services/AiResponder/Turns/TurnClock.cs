using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// One row per thread: who may work on it (lease and fence), what it waits for, and two counters. Ids and times only, without
/// row-level security, because a sweep over all customers could not work under it. Every change happens under its row lock.
/// </summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
internal sealed class TurnClock
{
    public required ThreadId ThreadId { get; init; }

    public required TenantId TenantId { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Known from the first message on.</summary>
    public ChannelId? ChannelId { get; set; }

    /// <summary>The gateway's version of the thread: the highest seen.</summary>
    public long ThreadVersion { get; set; }

    public bool HumanInCharge { get; set; }

    public bool OptedOut { get; set; }

    public bool Erased { get; set; }

    /// <summary>Any of the three: the claim asks for this one.</summary>
    public bool Silent { get; set; }

    public int LastSeq { get; set; }

    public int AnsweredSeq { get; set; }

    /// <summary>A new message: the running call is cancelled and rebuilt, at most twice.</summary>
    public int Version { get; set; }

    /// <summary>Edit, revoke, take-over, opt-out, erasure: always cancels.</summary>
    public int HardVersion { get; set; }

    public short Rebuilds { get; set; }

    /// <summary>Claims that came to nothing: lost leases and errors of ours. Which of them were attempts, their rows say.</summary>
    public short Attempts { get; set; }

    /// <summary>Times the model was away; the pause grows with it.</summary>
    public short Delays { get; set; }

    /// <summary>Arrival of the first message that waits.</summary>
    public DateTimeOffset? FirstPendingAt { get; set; }

    /// <summary>
    /// Arrival of the first message that came while the turn was worked on: it opens the next turn if this one is finished.
    /// </summary>
    public DateTimeOffset? OverflowAt { get; set; }

    public DateTimeOffset? NewestAt { get; set; }

    /// <summary>Collecting ends.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The turn is closed as late.</summary>
    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>Due time while waiting, end of the lease while claimed, none when idle.</summary>
    public DateTimeOffset? WakeAt { get; set; }

    /// <summary>The worker that holds the lease.</summary>
    public Guid? Owner { get; set; }

    /// <summary>Rises with each claim and each closing: an older one seals nothing.</summary>
    public long Fence { get; set; }

    /// <summary>First message of the newest reservation that was asked for.</summary>
    public int ReservedSeq { get; set; }

    public DateTimeOffset? WindowClosesAt { get; set; }

    /// <summary>When the contact last got the sentence for a denied answer.</summary>
    public DateTimeOffset? DeniedToldAt { get; set; }

    public DateTimeOffset? LastMessageAt { get; set; }

    /// <summary>Trace context of the newest message: one trace spans webhook and reply.</summary>
    public string? TraceParent { get; set; }

    /// <summary>A worker held it when it was closed and has to be told.</summary>
    public bool LostOwner { get; private set; }

    public bool IsPending => LastSeq > AnsweredSeq;

    public int FirstPendingSeq => AnsweredSeq + 1;

    public TurnReason SilentBecause =>
        Erased ? TurnReason.Erased
        : OptedOut ? TurnReason.OptedOut
        : TurnReason.HumanInCharge;

    /// <summary>The first sight of a thread.</summary>
    public static TurnClock For(ReceivedMessage item) =>
        new()
        {
            ThreadId = item.ThreadId,
            TenantId = item.TenantId,
            SubjectId = item.SubjectId,
            ThreadVersion = -1,
        };

    /// <summary>Takes over what the gateway says about the thread, unless something newer was seen. True when it fell silent.</summary>
    public bool Apply(long threadVersion, ThreadMode mode, bool optedOut, bool erased)
    {
        if (threadVersion <= ThreadVersion)
            return false;
        var wasSilent = Silent;
        ThreadVersion = threadVersion;
        HumanInCharge = mode is ThreadMode.Human;
        OptedOut = optedOut;
        Erased |= erased;
        Silent = HumanInCharge || OptedOut || Erased;
        if (!Silent || wasSilent)
            return false;
        HardVersion++;
        return true;
    }

    /// <summary>Puts a message in the line and gives it its number.</summary>
    public int Take(ReceivedMessage item, DateTimeOffset now, TurnPace pace)
    {
        LastSeq++;
        Version++;
        ChannelId = item.ChannelId;
        LastMessageAt = now;
        TraceParent = item.TraceParent ?? TraceParent;
        WindowClosesAt = WindowClosesAt > item.WindowClosesAt ? WindowClosesAt : item.WindowClosesAt;
        var arrived = item.ReceivedAt < now ? item.ReceivedAt : now;
        NewestAt = now;
        FirstPendingAt ??= arrived;
        DeadlineAt ??= FirstPendingAt + pace.MaxReplyAge;
        DueAt = Earlier(now + pace.Collect, FirstPendingAt.Value + pace.CollectAtMost);
        if (Owner is null)
            WakeAt = DueAt;
        else
            OverflowAt ??= arrived;
        return LastSeq;
    }

    /// <summary>Something that was said was changed or taken back: whoever works on it starts again.</summary>
    public void Change(DateTimeOffset now)
    {
        if (!IsPending)
            return;
        HardVersion++;
        if (Owner is null && WakeAt > now)
            WakeAt = Later(now, DueAt ?? now);
    }

    /// <summary>Every message so far has its end. Returns the range that was closed.</summary>
    public (int From, int To) Close()
    {
        var range = (FirstPendingSeq, LastSeq);
        AnsweredSeq = LastSeq;
        LostOwner = Owner is not null;
        Fence++;
        (Rebuilds, Attempts, Delays) = (0, 0, 0);
        (FirstPendingAt, OverflowAt, DueAt, DeadlineAt, WakeAt, Owner) = (null, null, null, null, null, null);
        return range;
    }

    /// <summary>Gives the claim back without an attempt: something has to arrive first.</summary>
    public void Park(DateTimeOffset until)
    {
        Owner = null;
        OverflowAt = null;
        Attempts = (short)Math.Max(0, Attempts - 1);
        WakeAt = until;
    }

    internal static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    internal static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    internal static void Map(EntityTypeBuilder<TurnClock> entity)
    {
        entity.ToTable("turn_clock");
        entity.HasKey(clock => clock.ThreadId);
        entity.Ignore(clock => clock.LostOwner);
        entity.Ignore(clock => clock.IsPending);
        entity.Ignore(clock => clock.FirstPendingSeq);
        entity.Ignore(clock => clock.SilentBecause);
        entity.HasIndex(clock => clock.WakeAt).HasFilter("wake_at is not null");
        entity.HasIndex(clock => clock.SubjectId);
        entity.HasIndex(clock => clock.LastMessageAt);
    }
}
