using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>The signed-in account's own requests.</summary>
internal static class GetRequestEndpoint
{
    private const int MostItems = 100;

    public static void MapGetRequest(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/requests", ListAsync).RequireAuthorization(RequestsFeature.Person);
        routes.MapGet("/requests/{id}", GetAsync).RequireAuthorization(RequestsFeature.Person);
    }

    /// <summary>Nobody learns whether somebody else's request exists.</summary>
    public static ProblemHttpResult NotFound() =>
        Problems.Of(StatusCodes.Status404NotFound, "request-not-found", "There is no such request.");

    private static async Task<Results<Ok<RequestResponse>, ProblemHttpResult>> GetAsync(
        SubjectRequestId id,
        ClaimsPrincipal user,
        DataSubjectRequestDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var subject = user.SubjectIdOf();
        var found = await db.InTransactionAsync(
            async (inner, token) =>
            {
                var request = await inner
                    .Requests.AsNoTracking()
                    .SingleOrDefaultAsync(row => row.RequestId == id && row.SubjectId == subject, token);
                return request is null ? null : RequestResponse.Of(request, await TasksAsync(inner, id, token), clock.GetUtcNow());
            },
            cancellationToken
        );
        return found is null ? NotFound() : TypedResults.Ok(found);
    }

    private static async Task<Results<Ok<RequestPage>, ValidationProblem>> ListAsync(
        ClaimsPrincipal user,
        DataSubjectRequestDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken,
        SubjectRequestId? after = null,
        int limit = 20
    )
    {
        if (limit is < 1 or > MostItems)
            return Problems.Invalid("limit", "From 1 to 100.");
        var subject = user.SubjectIdOf();
        var rows = await db.InTransactionAsync(
            (inner, token) =>
            {
                var mine = inner.Requests.AsNoTracking().Where(row => row.SubjectId == subject);
                if (after is { } last)
                    mine = inner
                        .Requests.FromSql($"select * from subject_request where request_id < {last.Value}")
                        .AsNoTracking()
                        .Where(row => row.SubjectId == subject);
                return mine.OrderByDescending(row => row.RequestId).Take(limit + 1).ToListAsync(token);
            },
            cancellationToken
        );
        var page = rows.Take(limit).ToList();
        var now = clock.GetUtcNow();
        return TypedResults.Ok(
            new RequestPage([.. page.Select(row => RequestResponse.Of(row, [], now))], rows.Count > limit ? page[^1].RequestId : null)
        );
    }

    /// <summary>Who has answered, in one order.</summary>
    public static Task<List<RequestTask>> TasksAsync(
        DataSubjectRequestDbContext db,
        SubjectRequestId id,
        CancellationToken cancellationToken
    ) => db.Tasks.AsNoTracking().Where(task => task.RequestId == id).OrderBy(task => task.Service).ToListAsync(cancellationToken);
}
