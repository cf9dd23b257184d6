using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Attempts;
using WpAsis.Identity.Data;
using WpAsis.Identity.Notices;
using WpAsis.Identity.Passwords;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Identity.Accounts;

/// <summary>What a person types to register.</summary>
internal sealed record RegisterAccountRequest
{
    [PersonName]
    public required string Name { get; init; }

    [EmailData]
    public required string Email { get; init; }

    [PhoneData]
    public string? Phone { get; init; }

    [PostalAddress]
    public string? PostalAddress { get; init; }

    [Credential]
    public required string Password { get; init; }

    [TenantText]
    public required string BusinessName { get; init; }

    [NotPersonal("a country")]
    public string? Country { get; init; }

    [NotPersonal("tr or en")]
    [JsonRequired]
    public required string Language { get; init; }

    /// <summary>A record would print its members.</summary>
    public override string ToString() => nameof(RegisterAccountRequest);
}

/// <summary>Register an account and its business. The answer never tells whether an address is known.</summary>
internal static class RegisterAccountEndpoint
{
    public static void MapRegisterAccount(this IEndpointRouteBuilder routes) => routes.MapPost("/accounts", HandleAsync).AllowAnonymous();

    private static async Task<Results<Accepted, ValidationProblem, ProblemHttpResult>> HandleAsync(
        RegisterAccountRequest request,
        Registration registration,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (!RegistrationForm.TryRead(request, out var form, out var errors))
            return Problems.Invalid(RegistrationForm.Sentences(errors));
        if (await registration.TryRegisterAsync(form, context.Connection.RemoteIpAddress, cancellationToken))
            return TypedResults.Accepted((string?)null);
        context.Response.Headers.RetryAfter = "60";
        return Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-attempts", "Too many attempts. Try again later.");
    }
}

/// <summary>The registration itself, for the API and the page.</summary>
internal sealed class Registration(
    IdentityDbContext db,
    Vault vault,
    BlindIndex index,
    PayAttempt attempts,
    Allowances allowances,
    HashGate gate,
    Argon2Hasher hasher,
    TimeProvider clock
)
{
    /// <summary>
    /// False when there are too many at the moment; otherwise nothing tells what happened, and exactly one password was hashed.
    /// </summary>
    public async Task<bool> TryRegisterAsync(RegistrationForm form, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!await attempts.TryPayAsync(allowances.RegistrationByAddress, PayAttempt.Counted(address), cancellationToken))
            return false;
        if (await gate.TryRunAsync(() => hasher.Hash(form.Password), cancellationToken) is not { } hash)
            return false;

        var emailIndex = index.Of(AccountStore.EmailPepper, form.Email.Normalized);
        // Beyond it the answer is the same and no mail goes out.
        if (!await attempts.TryPayAsync(allowances.RegistrationMail, Convert.ToHexString(emailIndex), cancellationToken))
            return true;

        await db.InTransactionAsync(
            async (_, token) =>
            {
                var known = await db.Accounts.SingleOrDefaultAsync(account => account.EmailIndex == emailIndex, token);
                if (known is null)
                    await WriteSignUpAsync(form, emailIndex, hash, token);
                else
                    db.Notices.Add(Notice.AlreadyRegistered(known, clock));
                return true;
            },
            cancellationToken
        );
        return true;
    }

    private async Task WriteSignUpAsync(RegistrationForm form, byte[] emailIndex, string hash, CancellationToken cancellationToken)
    {
        var subject = DataSubjectId.New();
        var key = await vault.CreateSubjectKeyAsync(db, subject, tenant: null, cancellationToken);
        var signUp = new SignUp
        {
            AccountId = TypedId.New<AccountId>(clock),
            SubjectId = subject,
            Name = key.Seal(SignUp.Columns.Name, form.Name.Reveal()),
            Email = key.Seal(SignUp.Columns.Email, form.Email.Reveal()),
            EmailIndex = emailIndex,
            Phone = form.Phone is { } phone ? key.Seal(SignUp.Columns.Phone, phone.Reveal()) : null,
            PostalAddress = form.PostalAddress is { } postal ? key.Seal(SignUp.Columns.PostalAddress, postal.Reveal()) : null,
            PasswordHash = key.Seal(SignUp.Columns.PasswordHash, hash),
            BusinessName = key.Seal(SignUp.Columns.BusinessName, form.BusinessName),
            Country = form.Country,
            Language = form.Language,
            CreatedAt = clock.GetUtcNow(),
        };
        db.SignUps.Add(signUp);
        db.Notices.Add(Notice.ConfirmEmail(signUp, clock));
    }
}
