using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Notices;

/// <summary>
/// Sends what is due, one after the other. The attempt is counted and the row put off in a commit of its own before the relay is called:
/// a crash in between costs a pause, not the mail.
/// </summary>
internal sealed partial class DeliverNotices(
    WorkDb<IdentityDbContext> work,
    Vault vault,
    WriteNotice writer,
    MailRelay relay,
    TimeProvider clock,
    ILogger<DeliverNotices> logger
) : Sweeper(logger)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        if (await ClaimAsync(db, cancellationToken) is not { } notice)
            return false;
        var now = clock.GetUtcNow();
        if (now - notice.CreatedAt > Notice.GiveUpAfter || await RecipientAsync(db, notice, cancellationToken) is not { } recipient)
        {
            await FinishAsync(db, notice, NoticeState.Dropped, notice.NextAt, cancellationToken);
            NoticeDropped(logger, notice.Kind.ToString(), "too late, or nobody there");
            return true;
        }
        try
        {
            using var message = writer.Write(notice, recipient, now);
            await relay.SendAsync(message, cancellationToken);
        }
        catch (SmtpCommandException refusal) when ((int)refusal.StatusCode >= 500)
        {
            await FinishAsync(db, notice, NoticeState.Dropped, notice.NextAt, cancellationToken);
            NoticeDropped(logger, notice.Kind.ToString(), "refused with " + (int)refusal.StatusCode);
            return true;
        }
        catch (Exception error) when (IsPassing(error) && !cancellationToken.IsCancellationRequested)
        {
            await FinishAsync(db, notice, NoticeState.Pending, now + PauseAfter(notice.Attempts), cancellationToken);
            NoticeDelayed(logger, notice.Kind.ToString(), error.GetType().Name, notice.Attempts);
            return true;
        }
        await FinishAsync(db, notice, NoticeState.Sent, notice.NextAt, cancellationToken);
        return true;
    }

    private async Task<Notice?> ClaimAsync(IdentityDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var claimed = await db
            .Notices.FromSql(
                $"""
                update notice set attempts = attempts + 1, next_at = {now + Lease}
                where (notice_id, subject_id) in (
                    select notice_id, subject_id from notice where state = {nameof(NoticeState.Pending)} and next_at <= {now}
                    order by next_at limit 1 for update skip locked)
                returning *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return claimed.SingleOrDefault();
    }

    // An account, or the sign-up that waits for this very mail; an erased person gets none.
    private async Task<Recipient?> RecipientAsync(IdentityDbContext db, Notice notice, CancellationToken cancellationToken)
    {
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.SubjectId == notice.SubjectId, cancellationToken);
        var signUp = account is null
            ? await db.SignUps.AsNoTracking().SingleOrDefaultAsync(row => row.SubjectId == notice.SubjectId, cancellationToken)
            : null;
        if (account is null && signUp is null)
            return null;
        if (await vault.TryOpenSubjectKeyAsync(db, notice.SubjectId, cancellationToken) is not { } key)
            return null;
        if (account is not null)
        {
            return notice.Kind is Contracts.Identity.NoticeKind.ConfirmEmail
                ? null
                : Open(key, (Account.Columns.Name, account.Name), (Account.Columns.Email, account.Email), account.Language, signUp: null);
        }
        return Open(key, (SignUp.Columns.Name, signUp!.Name), (SignUp.Columns.Email, signUp.Email), signUp.Language, signUp.AccountId);
    }

    private static Recipient Open(
        DataKey key,
        (SealedColumn Column, SealedText Value) name,
        (SealedColumn Column, SealedText Value) email,
        string language,
        Privacy.Ids.AccountId? signUp
    ) =>
        new(
            PersonName.Parse(key.Unseal(name.Column, name.Value)),
            EmailAddress.Parse(key.Unseal(email.Column, email.Value)),
            language,
            signUp
        );

    private async Task FinishAsync(
        IdentityDbContext db,
        Notice notice,
        NoticeState state,
        DateTimeOffset nextAt,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset? sentAt = state is NoticeState.Sent ? clock.GetUtcNow() : null;
        await db
            .Notices.Where(row => row.NoticeId == notice.NoticeId && row.SubjectId == notice.SubjectId)
            .ExecuteUpdateAsync(
                row =>
                    row.SetProperty(value => value.State, state)
                        .SetProperty(value => value.NextAt, nextAt)
                        .SetProperty(value => value.SentAt, sentAt),
                cancellationToken
            );
    }

    private static bool IsPassing(Exception error) =>
        error
            is SmtpCommandException
                or SmtpProtocolException
                or IOException
                or SocketException
                or TimeoutException
                or OperationCanceledException
                or MailKit.Security.SslHandshakeException
                or MailKit.Security.AuthenticationException
                or ServiceNotConnectedException;

    private static TimeSpan PauseAfter(int attempts)
    {
        var pause = TimeSpan.FromSeconds(2 * Math.Pow(2, Math.Min(attempts, 12)));
        return pause < LongestPause ? pause : LongestPause;
    }

    // A relay's error text may quote the address: its type and number have to do.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Notice {Kind} could not be sent ({Error}), attempt {Attempt}")]
    private static partial void NoticeDelayed(ILogger logger, string kind, string error, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Notice {Kind} was dropped: {Reason}")]
    private static partial void NoticeDropped(ILogger logger, string kind, string reason);
}
