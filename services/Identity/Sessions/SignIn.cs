using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Attempts;
using WpAsis.Identity.Data;
using WpAsis.Identity.Passwords;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;

namespace WpAsis.Identity.Sessions;

/// <summary>What came of it.</summary>
internal enum SignInOutcome
{
    /// <summary>A session stands.</summary>
    SignedIn,

    /// <summary>Unknown, unconfirmed or wrong: nobody is told which.</summary>
    Refused,

    /// <summary>Too many guesses, or too many people at once.</summary>
    TooMany,
}

/// <summary>
/// Sign in by password. An attempt is paid before anything is computed; each refusal takes the same number of statements
/// and exactly one hash, whether the address is known or not.
/// </summary>
internal sealed class SignIn(
    IdentityDbContext db,
    UserManager<Account> accounts,
    AccountStore store,
    PayAttempt attempts,
    Allowances allowances,
    HashGate gate,
    Argon2Hasher hasher,
    TimeProvider clock
)
{
    private const int LongestPassword = 1024;

    public async Task<(SignInOutcome Result, Session? Session)> TryAsync(
        string email,
        string password,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        // What is no address at all is counted and checked like one.
        var who = EmailAddress.TryParse(email.Trim(), out var parsed) ? parsed.Normalized : email.Trim();
        if (!await attempts.TryPayAsync(allowances.SignInByAddress, PayAttempt.Counted(address), cancellationToken))
            return (SignInOutcome.TooMany, null);
        if (!await attempts.TryPayAsync(allowances.SignInByEmail, who, cancellationToken))
            return (SignInOutcome.TooMany, null);

        var account = await store.FindByEmailAsync(who, cancellationToken);
        var hash = await HashOfAsync(account, cancellationToken);
        var candidate = Readable(password);
        if (await gate.TryRunAsync(() => new Verdict(hasher.Verify(hash, candidate)), cancellationToken) is not { } verdict)
            return (SignInOutcome.TooMany, null);
        if (account is null || verdict.Result is PasswordVerificationResult.Failed)
            return (SignInOutcome.Refused, null);

        await attempts.RefundAsync(allowances.SignInByEmail, who, cancellationToken);
        await attempts.RefundAsync(allowances.SignInByAddress, PayAttempt.Counted(address), cancellationToken);
        if (verdict.Result is PasswordVerificationResult.SuccessRehashNeeded)
        {
            await store.SetPasswordHashAsync(account, hasher.Hash(candidate), cancellationToken);
            await accounts.UpdateAsync(account);
        }
        return (SignInOutcome.SignedIn, await OpenAsync(account, cancellationToken));
    }

    // An unknown address costs the look into the vault too.
    private async Task<string> HashOfAsync(Account? account, CancellationToken cancellationToken)
    {
        if (account is not null)
            return (await store.GetPasswordHashAsync(account, cancellationToken))!;
        var nobody = DataSubjectId.New();
        await db.Set<SubjectKey>().AnyAsync(key => key.Subject == nobody, cancellationToken);
        return hasher.Decoy;
    }

    private async Task<Session> OpenAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var tenant = await db
            .MembershipRoutes.Where(route => route.AccountId == account.AccountId)
            .OrderBy(route => route.Since)
            .Select(route => (TenantId?)route.TenantId)
            .FirstOrDefaultAsync(cancellationToken);
        var session = new Session
        {
            SessionId = TypedId.New<SessionId>(clock),
            AccountId = account.AccountId,
            SubjectId = account.SubjectId,
            TenantId = tenant,
            SignedInAt = now,
            LastSeenAt = now,
        };
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return session;
    }

    // Half a surrogate or a novel is no password of anybody, but it costs the same hash.
    private static string Readable(string password) =>
        password.Length <= LongestPassword && !password.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar)
            ? password
            : "";

    private sealed record Verdict(PasswordVerificationResult Result);
}
