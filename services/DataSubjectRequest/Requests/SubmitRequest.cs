using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>What an account asks for.</summary>
internal sealed record SubmitRequestRequest
{
    public required RequestKind Kind { get; init; }

    /// <summary>For a correction: the name as it should be.</summary>
    [PersonName]
    public string? Name { get; init; }

    /// <summary>For an erasure: businesses without another owner are closed with the account.</summary>
    public bool CloseBusinesses { get; init; }

    public override string ToString() => nameof(SubmitRequestRequest);
}

/// <summary>Takes a request of the signed-in account: the session is the proof.</summary>
internal static class SubmitRequestEndpoint
{
    private const int MostInADay = 20;

    public static void MapSubmitRequest(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/requests", HandleAsync).RequireAuthorization(RequestsFeature.Person);

    private static async Task<Results<Created<RequestResponse>, ProblemHttpResult, ValidationProblem>> HandleAsync(
        SubmitRequestRequest body,
        ClaimsPrincipal user,
        DataSubjectRequestDbContext db,
        MakeRequest make,
        AskServices services,
        AdvanceRequest advance,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (body.Kind is RequestKind.Rectification && !PersonName.TryParse(body.Name, out _))
            return Problems.Invalid("name", "A correction says what is right: a name of at most 256 characters.");
        var subject = user.SubjectIdOf();
        if (body.Kind is RequestKind.Erasure && !body.CloseBusinesses && await IsLastOwnerAsync(services, subject, cancellationToken))
            return Problems.Of(
                StatusCodes.Status409Conflict,
                "last-owner",
                "You are the last owner of a business. Hand it over first, or ask for it to be closed with your account."
            );
        var now = clock.GetUtcNow();
        var (request, problem) = await db.InTransactionAsync(
            async (inner, token) =>
            {
                // One person's requests are counted one after another.
                await inner.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({subject.ToString()}, 0))", token);
                if (await FindProblemAsync(inner, subject, body.Kind, now, token) is { } refusal)
                    return (null, refusal);
                var made = await make.ForAccountAsync(inner, subject, body, token);
                return ((SubjectRequest?)made, (ProblemHttpResult?)null);
            },
            cancellationToken
        );
        if (request is null)
            return problem!;
        advance.Wake();
        return TypedResults.Created($"/requests/{request.RequestId}", RequestResponse.Of(request, [], now));
    }

    private static async Task<bool> IsLastOwnerAsync(AskServices services, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var location = await services.LocateAsync(SubjectKind.Account, subject, tenant: null, cancellationToken);
        return location.IsLastOwner;
    }

    private static async Task<ProblemHttpResult?> FindProblemAsync(
        DataSubjectRequestDbContext db,
        DataSubjectId subject,
        RequestKind kind,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var yesterday = now.AddDays(-1);
        var recent = await db
            .Requests.AsNoTracking()
            .Where(request => request.SubjectId == subject && (request.ReceivedAt > yesterday || request.ClosedAt == null))
            .OrderByDescending(request => request.RequestId)
            .Take(100)
            .ToListAsync(cancellationToken);
        if (recent.Count(request => request.ReceivedAt > yesterday) >= MostInADay)
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "That were many requests for a day.");
        var open = recent.Find(request => request.Kind == kind && !request.IsClosed && request.State is not RequestState.Delivered);
        if (open is null)
            return null;
        var problem = Problems.Of(StatusCodes.Status409Conflict, "request-open", "A request of this kind is under way.");
        problem.ProblemDetails.Extensions["requestId"] = open.RequestId.ToString();
        return problem;
    }
}

/// <summary>Makes the rows of a request in the caller's transaction.</summary>
internal sealed class MakeRequest(Vault vault, RequestSecrets secrets, TimeProvider clock)
{
    /// <summary>An account's: proved by its session.</summary>
    public async Task<SubjectRequest> ForAccountAsync(
        DataSubjectRequestDbContext db,
        DataSubjectId subject,
        SubmitRequestRequest body,
        CancellationToken cancellationToken
    )
    {
        var request = New(body.Kind, SubjectKind.Account, body.CloseBusinesses);
        request.SubjectId = subject;
        request.State = RequestState.Verified;
        request.ProvedAt = request.ReceivedAt;
        await AddAsync(db, request, body.Name, cancellationToken);
        db.Routes.Add(new() { RequestId = request.RequestId, NextAt = request.ReceivedAt });
        return request;
    }

    /// <summary>A WhatsApp user's: nobody yet, until the code comes from their own WhatsApp. The link's secret is returned once.</summary>
    public async Task<(SubjectRequest Request, string Link)> ForContactAsync(
        DataSubjectRequestDbContext db,
        RequestKind kind,
        string? name,
        CancellationToken cancellationToken
    )
    {
        var request = New(kind, SubjectKind.Contact, closeBusinesses: false);
        request.Codes = 1;
        var link = RequestSecrets.NewLink();
        await AddAsync(db, request, name, cancellationToken);
        var expires = request.ReceivedAt + RequestSecrets.CodeLife;
        db.Routes.Add(
            new()
            {
                RequestId = request.RequestId,
                LinkHash = RequestSecrets.HashOf(link),
                CodeHash = Privacy.Subjects.ProofCode.HashOf(secrets.CodeOf(request.RequestId, link, request.Codes)),
                CodeExpiresAt = expires,
                NextAt = expires,
            }
        );
        return (request, link);
    }

    private SubjectRequest New(RequestKind kind, SubjectKind subjectKind, bool closeBusinesses)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            RequestId = TypedId.New<SubjectRequestId>(clock),
            Kind = kind,
            SubjectKind = subjectKind,
            State = RequestState.AwaitingProof,
            ReceivedAt = now,
            Deadline = Deadline.Of(now),
            CloseBusinesses = closeBusinesses,
        };
    }

    private async Task AddAsync(DataSubjectRequestDbContext db, SubjectRequest request, string? name, CancellationToken cancellationToken)
    {
        var key = await vault.CreateSubjectKeyAsync(db, request.KeyOwner, tenant: null, cancellationToken);
        if (request.Kind is RequestKind.Rectification)
            request.Name = key.Seal(SubjectRequest.NameColumn, PersonName.Parse(name!).Reveal());
        db.Requests.Add(request);
    }
}
