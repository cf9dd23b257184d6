using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>A thread while one transaction holds its row.</summary>
internal sealed class ThreadState
{
    public required ThreadId Id { get; init; }

    public required ChannelId Channel { get; init; }

    public required DataSubjectId Subject { get; init; }

    public ThreadMode Mode { get; set; } = ThreadMode.Assistant;

    public bool OptedOut { get; set; }

    public long Version { get; set; } = 1;

    public long LastSequence { get; set; }

    public DateTimeOffset WindowClosesAt { get; set; }

    public DateTimeOffset LastMessageAt { get; set; }

    public DateTimeOffset? TakenOverAt { get; set; }

    public DateTimeOffset? StopConfirmedAt { get; set; }

    /// <summary>When the contact came by an ad; a reply within a day keeps the window open for three.</summary>
    public DateTimeOffset? ReferralAt { get; set; }

    /// <summary>Mode or opt-out changed: everybody is told.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>The contact whose messages it holds, where there are any in this transaction.</summary>
    public KnownContact? Contact { get; set; }

    public void TakeOver(DateTimeOffset at)
    {
        if (Mode is ThreadMode.Human)
            return;
        Mode = ThreadMode.Human;
        TakenOverAt = at;
        Change();
    }

    public bool TryOptOut(bool optedOut)
    {
        if (OptedOut == optedOut)
            return false;
        OptedOut = optedOut;
        Change();
        return true;
    }

    public ThreadChanged Changed(TenantId tenant, DateTimeOffset at) =>
        new()
        {
            TenantId = tenant,
            ThreadId = Id,
            SubjectId = Subject,
            Version = Version,
            Mode = Mode,
            OptedOut = OptedOut,
            Erased = false,
            At = at,
        };

    private void Change()
    {
        Version++;
        IsChanged = true;
    }
}
