using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Profiles;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Tenants;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// Decides under the clock's row lock what becomes of a claimed turn: the model is asked, something is waited for, or it ends.
/// The connection goes back before the model is called.
/// </summary>
internal sealed class OpenTurn(
    WorkDb<ResponderDbContext> work,
    Vault vault,
    ContentReader reader,
    WriteNotice notice,
    TurnSettings settings,
    TimeProvider clock
)
{
    private static readonly TimeSpan ProfilePoll = TimeSpan.FromSeconds(5);

    /// <summary>The turn to be answered; none when it was parked, ended, or is another's.</summary>
    public async Task<OpenedTurn?> OpenAsync(TurnClaim claim, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        return await db.InTenantAsync(claim.TenantId, (inner, token) => OpenAsync(inner, claim, token), cancellationToken);
    }

    private async Task<OpenedTurn?> OpenAsync(ResponderDbContext db, TurnClaim claim, CancellationToken cancellationToken)
    {
        var locked = await db
            .Clocks.FromSql(
                $"""
                select * from turn_clock
                where thread_id = {claim.ThreadId.Value} and fence = {claim.Fence} and owner = {claim.Owner} for update
                """
            )
            .ToListAsync(cancellationToken);
        if (locked is not [var thread])
            return null;
        if (!thread.IsPending)
        {
            (thread.Owner, thread.WakeAt, thread.Attempts) = (null, null, 0);
            return null;
        }
        thread.OverflowAt = null;
        var now = clock.GetUtcNow();
        await db.SupersedeAttemptsAsync(thread, now, cancellationToken);
        if (thread.Attempts > settings.MaxClaims)
        {
            // Not even the fixed text could be written: reading what it needs fails each time, or ends the process.
            await db.CloseAsync(thread, TurnReason.Failed, clock, cancellationToken);
            return null;
        }
        var parts = await ReadParts.ReadAsync(db, thread, reader, cancellationToken);
        if (ClosedBecause(thread, parts, now) is { } reason)
        {
            await db.CloseAsync(thread, reason, clock, cancellationToken);
            return null;
        }
        if (await ProfileText.ReadPublishedAsync(db, vault, claim.TenantId, cancellationToken) is not { } published)
        {
            await WaitForProfileAsync(db, thread, now, cancellationToken);
            return null;
        }
        var memory = await ConversationMemory.ReadAsync(db, thread, reader, now, cancellationToken);
        var language = DetectLanguage.Of(parts, memory, published.Text.Languages);
        var route = await db.TenantRoutes.AsNoTracking().SingleAsync(route => route.TenantId == claim.TenantId, cancellationToken);
        var draft = new NoticeDraft(thread, parts, language, route.Window);
        if (await EndsWithNoticeAsync(db, draft, published.Text, now, cancellationToken))
            return null;
        var usage = await FindUsageAsync(db, thread, cancellationToken);
        var follows = await db.FindUnsettledReplyAsync(thread.ThreadId, cancellationToken);
        return usage?.State switch
        {
            UsageState.Granted => Start(db, claim, thread, usage, route, parts, memory, published.Text, language, follows, now),
            UsageState.Denied => await DenyAsync(db, draft, published.Text, now, cancellationToken),
            _ => WaitForUsage(db, thread, usage),
        };
    }

    private static TurnReason? ClosedBecause(TurnClock thread, List<TurnPart> parts, DateTimeOffset now) =>
        thread.Silent ? thread.SilentBecause
        : thread.WindowClosesAt <= now ? TurnReason.WindowClosed
        : parts.TrueForAll(part => part.State is PartState.Revoked) ? TurnReason.Revoked
        : parts.TrueForAll(part => part.State is PartState.Revoked or PartState.Expired) ? TurnReason.Expired
        : null;

    private async Task WaitForProfileAsync(ResponderDbContext db, TurnClock thread, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var until = thread.FirstPendingAt!.Value + settings.ProfileWait;
        if (now >= until)
            await db.CloseAsync(thread, TurnReason.NotConfigured, clock, cancellationToken);
        else
            thread.Park(TurnClock.Earlier(now + ProfilePoll, until));
    }

    private async Task<bool> EndsWithNoticeAsync(
        ResponderDbContext db,
        NoticeDraft draft,
        ProfileText profile,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var thread = draft.Thread;
        if (now >= thread.DeadlineAt)
        {
            TellTenant(db, thread, NoticeKind.TurnLate);
            await notice.EndAsync(db, draft, TurnReason.Late, ReplyTexts.Late(draft.Language, profile), cancellationToken);
            return true;
        }
        if (thread.Attempts > settings.MaxAttempts && await db.CountFailedAsync(thread, cancellationToken) >= settings.MaxAttempts)
        {
            await notice.EndAsync(db, draft, TurnReason.Failed, ReplyTexts.Failed(draft.Language, profile), cancellationToken);
            return true;
        }
        if (draft.Parts.All(part => part.State is not PartState.Readable))
        {
            await notice.EndAsync(db, draft, TurnReason.Unreadable, ReplyTexts.Unreadable(draft.Language), cancellationToken);
            return true;
        }
        return false;
    }

    private async Task<OpenedTurn?> DenyAsync(
        ResponderDbContext db,
        NoticeDraft draft,
        ProfileText profile,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var thread = draft.Thread;
        if (profile.DeniedText is not { } text || thread.DeniedToldAt > now - settings.DeniedPause)
        {
            await db.CloseAsync(thread, TurnReason.Denied, clock, cancellationToken);
            return null;
        }
        thread.DeniedToldAt = now;
        await notice.EndAsync(db, draft, TurnReason.Denied, text, cancellationToken);
        return null;
    }

    private OpenedTurn? WaitForUsage(ResponderDbContext db, TurnClock thread, Usage? usage)
    {
        if (usage is null)
            db.AskForUsage(thread, settings, clock);
        thread.Park(thread.DeadlineAt!.Value);
        return null;
    }

    private OpenedTurn Start(
        ResponderDbContext db,
        TurnClaim claim,
        TurnClock thread,
        Usage usage,
        TenantRoute route,
        List<TurnPart> parts,
        List<MemoryEntry> memory,
        ProfileText profile,
        string language,
        ReplyId? follows,
        DateTimeOffset now
    )
    {
        var opened = new OpenedTurn
        {
            Claim = claim,
            FromSeq = thread.FirstPendingSeq,
            ToSeq = thread.LastSeq,
            Version = thread.Version,
            HardVersion = thread.HardVersion,
            Rebuilds = thread.Rebuilds,
            Attempts = thread.Attempts,
            Delays = thread.Delays,
            SubjectId = thread.SubjectId,
            ChannelId = thread.ChannelId!.Value,
            UsageId = usage.UsageId,
            Follows = follows,
            Deadline = thread.DeadlineAt!.Value,
            SendBefore = TurnClock.Earlier(usage.ExpiresAt, thread.WindowClosesAt ?? usage.ExpiresAt),
            TraceParent = thread.TraceParent,
            Window = route.Window,
            Pace = settings.PaceOf(route),
            Profile = profile,
            Language = language,
            Parts = parts,
            Memory = memory,
        };
        db.Turns.Add(
            new Turn
            {
                TenantId = claim.TenantId,
                ThreadId = claim.ThreadId,
                FromSeq = opened.FromSeq,
                ToSeq = opened.ToSeq,
                Fence = claim.Fence,
                TurnId = opened.TurnId,
                State = TurnState.Generating,
                UsageId = usage.UsageId,
                StartedAt = now,
                ChangedAt = now,
            }
        );
        db.Publish(
            new TurnStarted
            {
                TenantId = claim.TenantId,
                TurnId = opened.TurnId,
                ThreadId = claim.ThreadId,
                SubjectId = thread.SubjectId,
                MessageIds = opened.Answers,
            },
            clock
        );
        return opened;
    }

    private void TellTenant(ResponderDbContext db, TurnClock thread, NoticeKind kind) =>
        db.Publish(
            new SendNotice
            {
                TenantId = thread.TenantId,
                NoticeId = TypedId.Derive<NoticeId>(kind.ToString(), Turn.IdOf(thread.ThreadId, thread.FirstPendingSeq).Value),
                Notice = kind,
                Values = new Dictionary<string, string>(StringComparer.Ordinal),
            },
            clock
        );

    private static Task<Usage?> FindUsageAsync(ResponderDbContext db, TurnClock thread, CancellationToken cancellationToken)
    {
        var (id, from) = (thread.ThreadId, thread.FirstPendingSeq);
        return db.Usages.SingleOrDefaultAsync(usage => usage.ThreadId == id && usage.FromSeq == from, cancellationToken);
    }
}
