using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>Takes a request back while nothing has been done.</summary>
internal static class CancelRequestEndpoint
{
    public static void MapCancelRequest(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/requests/{id}/cancel", HandleAsync).RequireAuthorization(RequestsFeature.Person);

    private static async Task<Results<Ok<RequestResponse>, ProblemHttpResult>> HandleAsync(
        SubjectRequestId id,
        ClaimsPrincipal user,
        DataSubjectRequestDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var subject = user.SubjectIdOf();
        var request = await db.InTransactionAsync(
            (inner, token) =>
                inner.Requests.AsNoTracking().SingleOrDefaultAsync(row => row.RequestId == id && row.SubjectId == subject, token),
            cancellationToken
        );
        if (request is null)
            return GetRequestEndpoint.NotFound();
        return await RunAsync(db, request, clock, cancellationToken) is { } cancelled
            ? TypedResults.Ok(RequestResponse.Of(cancelled, [], clock.GetUtcNow()))
            : Problems.Of(StatusCodes.Status409Conflict, "too-late", "The request is under way or over.");
    }

    /// <summary>The request after it was taken back; null when it is too late.</summary>
    public static async Task<SubjectRequest?> RunAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var cancelled = (SubjectRequest?)null;
        await db.ChangeAsync(
            request,
            (_, row, _) =>
            {
                cancelled = row.Apply(RequestEvent.Cancelled, clock.GetUtcNow()) ? row : null;
                return Task.FromResult<TimeSpan?>(cancelled is null ? TimeSpan.Zero : null);
            },
            clock,
            cancellationToken
        );
        return cancelled;
    }
}
