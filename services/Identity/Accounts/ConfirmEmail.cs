using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Attempts;
using WpAsis.Identity.Data;
using WpAsis.Identity.Notices;
using WpAsis.Identity.Tenants;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Identity.Accounts;

/// <summary>The token of the confirmation mail.</summary>
internal sealed record ConfirmEmailRequest([property: Credential] string Token)
{
    public override string ToString() => nameof(ConfirmEmailRequest);
}

/// <summary>The address is theirs: the sign-up becomes an account and its business a customer. Once.</summary>
internal static class ConfirmEmailEndpoint
{
    public static void MapConfirmEmail(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/accounts/confirm", HandleAsync).AllowAnonymous();

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        ConfirmEmailRequest request,
        Confirmation confirmation,
        PayAttempt attempts,
        Allowances allowances,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var from = PayAttempt.Counted(context.Connection.RemoteIpAddress);
        if (!await attempts.TryPayAsync(allowances.ConfirmationByAddress, from, cancellationToken))
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-attempts", "Too many attempts. Try again later.");
        return await confirmation.TryConfirmAsync(request.Token, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.Of(StatusCodes.Status400BadRequest, "confirmation-invalid", "This confirmation is used, expired or not ours.");
    }
}

/// <summary>The confirmation itself, for the API and the page.</summary>
internal sealed class Confirmation(
    IdentityDbContext db,
    UserManager<Account> accounts,
    ConfirmationToken tokens,
    Vault vault,
    BlindIndex index,
    TimeProvider clock
)
{
    public async Task<bool> TryConfirmAsync(string? token, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, out var id))
            return false;
        try
        {
            return await db.InTransactionAsync((_, stop) => ConfirmAsync(id, stop), cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Two sign-ups of one address were confirmed in the same moment: the other one won.
            return false;
        }
    }

    private async Task<bool> ConfirmAsync(AccountId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var oldest = now - RetentionTable.UnconfirmedSignUps;
        var signUp = await db
            .SignUps.AsNoTracking()
            .SingleOrDefaultAsync(row => row.AccountId == id && row.CreatedAt > oldest, cancellationToken);
        // The deletion decides between two who confirm at once.
        if (signUp is null || await db.SignUps.Where(row => row.AccountId == id).ExecuteDeleteAsync(cancellationToken) == 0)
            return false;
        if (await db.Accounts.AnyAsync(account => account.EmailIndex == signUp.EmailIndex, cancellationToken))
            return false;

        var key = await vault.OpenSubjectKeyAsync(db, signUp.SubjectId, cancellationToken);
        var account = MakeAccount(signUp, key, now);
        var made = await accounts.CreateAsync(account);
        if (!made.Succeeded)
            throw new InvalidOperationException("An account was refused: " + string.Join(", ", made.Errors.Select(error => error.Code)));

        var tenant = await MakeTenantAsync(signUp, key, now, cancellationToken);
        db.MembershipRoutes.Add(
            new()
            {
                AccountId = id,
                TenantId = tenant.TenantId,
                Since = now,
            }
        );
        db.Notices.Add(Notice.Welcome(account, clock));
        db.Publish(
            new TenantRegistered
            {
                TenantId = tenant.TenantId,
                Country = tenant.Country,
                At = now,
            },
            clock
        );
        await ForgetOthersAsync(signUp, now, cancellationToken);
        return true;
    }

    // A stranger may have signed up with the same address; those are gone now, keys and all.
    private async Task ForgetOthersAsync(SignUp confirmed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var others = await db
            .SignUps.Where(row => row.EmailIndex == confirmed.EmailIndex)
            .Select(row => row.SubjectId)
            .ToListAsync(cancellationToken);
        await db.SignUps.Where(row => row.EmailIndex == confirmed.EmailIndex).ExecuteDeleteAsync(cancellationToken);
        foreach (var subject in others)
            await vault.EraseSubjectAsync(db, subject, now, cancellationToken);
    }

    private Account MakeAccount(SignUp signUp, DataKey key, DateTimeOffset now)
    {
        SealedText Moved(SealedColumn from, SealedColumn to, SealedText value) => key.Seal(to, key.Unseal(from, value));
        return new Account
        {
            AccountId = signUp.AccountId,
            SubjectId = signUp.SubjectId,
            Name = Moved(SignUp.Columns.Name, Account.Columns.Name, signUp.Name),
            Email = Moved(SignUp.Columns.Email, Account.Columns.Email, signUp.Email),
            EmailIndex = signUp.EmailIndex,
            Phone = signUp.Phone is { } phone ? Moved(SignUp.Columns.Phone, Account.Columns.Phone, phone) : null,
            PhoneIndex = signUp.Phone is { } number ? PhoneIndex(key.Unseal(SignUp.Columns.Phone, number)) : null,
            PostalAddress = signUp.PostalAddress is { } postal
                ? Moved(SignUp.Columns.PostalAddress, Account.Columns.PostalAddress, postal)
                : null,
            PasswordHash = Moved(SignUp.Columns.PasswordHash, Account.Columns.PasswordHash, signUp.PasswordHash),
            Language = signUp.Language,
            RegisteredAt = signUp.CreatedAt,
            ConfirmedAt = now,
        };
    }

    private byte[] PhoneIndex(string phone) => index.Of(AccountStore.PhonePepper, Privacy.Values.PhoneNumber.Parse(phone).Normalized);

    private async Task<Tenant> MakeTenantAsync(SignUp signUp, DataKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = TypedId.New<TenantId>(clock);
        await db.SetTenantAsync(id, cancellationToken);
        var tenantKey = await vault.GetOrCreateTenantKeyAsync(db, id, cancellationToken);
        var tenant = new Tenant
        {
            TenantId = id,
            Name = tenantKey.Seal(Tenant.NameColumn, key.Unseal(SignUp.Columns.BusinessName, signUp.BusinessName)),
            Country = signUp.Country,
            Language = signUp.Language,
            RegisteredAt = now,
        };
        db.Tenants.Add(tenant);
        db.Memberships.Add(
            new()
            {
                TenantId = id,
                AccountId = signUp.AccountId,
                Role = MemberRole.Owner,
                Since = now,
            }
        );
        return tenant;
    }
}
