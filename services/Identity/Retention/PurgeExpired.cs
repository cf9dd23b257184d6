using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Identity.Notices;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Retention;

/// <summary>
/// Forgets what has had its time: unconfirmed sign-ups after 24 hours (keys and all), sessions after 30 days, and what the issuer left.
/// </summary>
internal sealed class PurgeExpired(WorkDb<IdentityDbContext> work, Vault vault, TimeProvider clock, ILogger<PurgeExpired> logger)
    : Sweeper(logger)
{
    private const int BatchSize = 500;

    // A refilled allowance is as good as none.
    private static readonly TimeSpan Buckets = TimeSpan.FromDays(2);

    // A family must be known for as long as one of its tokens could be shown again.
    private static readonly TimeSpan IssuerRows = RetentionTable.Sessions;

    public override bool Purges => true;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(5);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var now = clock.GetUtcNow();
        var most = await ForgetSignUpsAsync(db, now, cancellationToken);
        foreach (var delete in Deletes(now))
            most = Math.Max(most, await PurgeAsync(db, delete, cancellationToken));
        return most >= BatchSize;
    }

    private async Task<int> ForgetSignUpsAsync(IdentityDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - RetentionTable.UnconfirmedSignUps;
        return await db.InTransactionAsync(
            async (_, token) =>
            {
                var gone = await db
                    .SignUps.FromSql(
                        $"select * from sign_up where created_at <= {oldest} order by created_at limit {BatchSize} for update skip locked"
                    )
                    .ToListAsync(token);
                db.SignUps.RemoveRange(gone);
                foreach (var signUp in gone)
                    await vault.EraseSubjectAsync(db, signUp.SubjectId, now, token);
                return Purged("sign_up", gone.Count);
            },
            cancellationToken
        );
    }

    private static IEnumerable<FormattableString> Deletes(DateTimeOffset now)
    {
        yield return $"""
            delete from session where session_id = any(array(
                select session_id from session where signed_in_at <= {now - RetentionTable.Sessions} limit {BatchSize}))
            """;
        yield return $"""
            delete from attempt_bucket where key = any(array(
                select key from attempt_bucket where updated_at <= {now - Buckets} limit {BatchSize}))
            """;
        yield return $"""
            delete from notice where ctid = any(array(
                select ctid from notice where state <> {nameof(NoticeState.Pending)} and created_at <= {now
                - RetentionTable.SecurityEvents} limit {BatchSize}))
            """;
        yield return $"""
            delete from openiddict_token where id = any(array(
                select id from openiddict_token where expiration_date <= {now} and creation_date <= {now - IssuerRows} limit {BatchSize}))
            """;
        yield return $"""
            delete from openiddict_authorization where id = any(array(
                select a.id from openiddict_authorization a where a.creation_date <= {now - IssuerRows}
                    and not exists (select from openiddict_token t where t.authorization_id = a.id) limit {BatchSize}))
            """;
    }
}
