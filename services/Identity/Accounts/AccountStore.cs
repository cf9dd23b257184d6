using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;

namespace WpAsis.Identity.Accounts;

/// <summary>
/// What <see cref="UserManager{TUser}"/> stores, with sealed columns: values are opened only where it asks for one,
/// and an address is found by its keyed hash.
/// </summary>
internal sealed class AccountStore(IdentityDbContext db, Vault vault, BlindIndex index)
    : IUserPasswordStore<Account>,
        IUserEmailStore<Account>,
        IUserPhoneNumberStore<Account>,
        IUserSecurityStampStore<Account>
{
    public const string EmailPepper = "email";
    public const string PhonePepper = "phone";

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.AccountId.ToString());

    // People sign in by e-mail address; the name that the framework wants is the id.
    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.AccountId.ToString());

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) =>
        GetUserNameAsync(user, cancellationToken);

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken)
    {
        db.Accounts.Add(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        db.Accounts.Update(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken)
    {
        db.Accounts.Remove(user);
        await db.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        AccountId.TryParse(userId, null, out var id)
            ? await db.Accounts.SingleOrDefaultAsync(account => account.AccountId == id, cancellationToken)
            : null;

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByIdAsync(normalizedUserName, cancellationToken);

    public Task<Account?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        var hash = index.Of(EmailPepper, normalizedEmail);
        return db.Accounts.SingleOrDefaultAsync(account => account.EmailIndex == hash, cancellationToken);
    }

    public async Task<string?> GetEmailAsync(Account user, CancellationToken cancellationToken) =>
        (await KeyAsync(user, cancellationToken)).Unseal(Account.Columns.Email, user.Email);

    public async Task SetEmailAsync(Account user, string? email, CancellationToken cancellationToken)
    {
        var address = EmailAddress.Parse(email ?? "");
        user.Email = (await KeyAsync(user, cancellationToken)).Seal(Account.Columns.Email, address.Reveal());
        user.EmailIndex = index.Of(EmailPepper, address.Normalized);
    }

    public Task<bool> GetEmailConfirmedAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailConfirmedAsync(Account user, bool confirmed, CancellationToken cancellationToken) =>
        confirmed ? Task.CompletedTask : throw new NotSupportedException("An account's address is always a confirmed one.");

    public async Task<string?> GetNormalizedEmailAsync(Account user, CancellationToken cancellationToken) =>
        EmailAddress.Parse((await GetEmailAsync(user, cancellationToken))!).Normalized;

    public Task SetNormalizedEmailAsync(Account user, string? normalizedEmail, CancellationToken cancellationToken)
    {
        user.EmailIndex = index.Of(EmailPepper, normalizedEmail ?? "");
        return Task.CompletedTask;
    }

    public async Task<string?> GetPhoneNumberAsync(Account user, CancellationToken cancellationToken) =>
        user.Phone is null ? null : (await KeyAsync(user, cancellationToken)).Unseal(Account.Columns.Phone, user.Phone);

    public async Task SetPhoneNumberAsync(Account user, string? phoneNumber, CancellationToken cancellationToken)
    {
        if (phoneNumber is null)
        {
            (user.Phone, user.PhoneIndex) = (null, null);
            return;
        }
        var phone = PhoneNumber.Parse(phoneNumber);
        user.Phone = (await KeyAsync(user, cancellationToken)).Seal(Account.Columns.Phone, phone.Reveal());
        user.PhoneIndex = index.Of(PhonePepper, phone.Normalized);
    }

    public Task<bool> GetPhoneNumberConfirmedAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task SetPhoneNumberConfirmedAsync(Account user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) =>
        (await KeyAsync(user, cancellationToken)).Unseal(Account.Columns.PasswordHash, user.PasswordHash);

    public async Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) =>
        user.PasswordHash = (await KeyAsync(user, cancellationToken)).Seal(Account.Columns.PasswordHash, passwordHash ?? "");

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // The context is the request's.
    }

    private Task<DataKey> KeyAsync(Account user, CancellationToken cancellationToken) =>
        vault.OpenSubjectKeyAsync(db, user.SubjectId, cancellationToken);
}

/// <summary>The form under which an address is found; names are ids and stay as they are.</summary>
internal sealed class AccountNames : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name;

    public string? NormalizeEmail(string? email) => EmailAddress.TryParse(email, out var address) ? address.Normalized : email;
}
