using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Identity.DataSubjects;

/// <summary>A person's own name, as it should have been.</summary>
internal sealed record RectifySubjectRequest(DataSubjectId SubjectId, [property: PersonName] string Name)
{
    public override string ToString() => nameof(RectifySubjectRequest);
}

/// <summary>Corrects an account's name; the profile's version rises and the others hear of it. The same name changes nothing.</summary>
internal static class RectifySubjectEndpoint
{
    public static void MapRectifySubject(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/subjects/rectify", HandleAsync).ForDataSubjectRequests();

    private static async Task<Results<Ok<RectifiedProfile>, ProblemHttpResult, ValidationProblem>> HandleAsync(
        RectifySubjectRequest request,
        IdentityDbContext db,
        Vault vault,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (!PersonName.TryParse(request.Name, out var name))
            return Problems.Invalid("name", "A name is needed.");
        var version = await db.InTransactionAsync(
            (inner, token) => ApplyAsync(inner, vault, request.SubjectId, name, clock, token),
            cancellationToken
        );
        return version is { } now
            ? TypedResults.Ok(new RectifiedProfile(now))
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-subject", "There is no such person.");
    }

    private static async Task<long?> ApplyAsync(
        IdentityDbContext db,
        Vault vault,
        DataSubjectId subject,
        PersonName name,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var account = await db.Accounts.SingleOrDefaultAsync(row => row.SubjectId == subject, cancellationToken);
        if (account is null || await vault.FindSubjectKeyAsync(db, subject, cancellationToken) is not { } key)
            return null;
        if (string.Equals(key.Unseal(Account.Columns.Name, account.Name), name.Reveal(), StringComparison.Ordinal))
            return account.ProfileVersion;
        account.Name = key.Seal(Account.Columns.Name, name.Reveal());
        account.ProfileVersion++;
        db.Publish(new SubjectProfileChanged { SubjectId = subject, Version = account.ProfileVersion }, clock);
        return account.ProfileVersion;
    }
}

/// <summary>Signs for the version of the profile that stands.</summary>
internal sealed class RectifySubjectConsumer(WorkDb<IdentityDbContext> work, SubjectEraser signer, TimeProvider clock)
    : IConsumer<RectificationRequested>
{
    public async Task Consume(ConsumeContext<RectificationRequested> context)
    {
        var request = context.Message;
        await using var db = work.CreateContext();
        await context.AnswerRectificationAsync(
            db,
            DataSubjectsFeature.Service,
            clock,
            async (inner, token) =>
            {
                var accounts = inner.Accounts.Where(account => account.SubjectId == request.SubjectId);
                var rows = new Dictionary<string, int>(StringComparer.Ordinal) { ["account"] = await accounts.CountAsync(token) };
                return await signer.RectifiedAsync(inner, request.RequestId, request.TenantId, request.Version, rows, token);
            }
        );
    }
}
