using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>An account's archive, for somebody who signed in a short while ago.</summary>
internal static class DownloadArchiveEndpoint
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    public static void MapDownloadArchive(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/requests/{id}/download", HandleAsync).RequireAuthorization(RequestsFeature.Person);

    private static async Task HandleAsync(
        SubjectRequestId id,
        ClaimsPrincipal user,
        HttpContext context,
        DownloadArchive download,
        TimeProvider clock
    )
    {
        var subject = user.SubjectIdOf();
        var result = IsFresh(user, clock.GetUtcNow())
            ? await download.RunAsync(context, id, tenant: null, request => request.SubjectId == subject, context.RequestAborted)
            : Problems.Of(StatusCodes.Status403Forbidden, "sign-in-again", "Sign in again to download your data.");
        if (result is not null)
            await result.ExecuteAsync(context);
    }

    private static bool IsFresh(ClaimsPrincipal user, DateTimeOffset now) =>
        long.TryParse(user.FindFirstValue("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && now - DateTimeOffset.FromUnixTimeSeconds(at) < Fresh;
}

/// <summary>
/// Counts a download, then streams the archive piece by piece. It counts before it sends: who breaks off has used one of five.
/// </summary>
internal sealed class DownloadArchive(WorkDb<DataSubjectRequestDbContext> work, Vault vault, TimeProvider clock)
{
    /// <summary>The problem; null when the archive was sent.</summary>
    public async Task<IResult?> RunAsync(
        HttpContext context,
        SubjectRequestId id,
        TenantId? tenant,
        Func<SubjectRequest, bool> mayDownload,
        CancellationToken cancellationToken
    )
    {
        await using var db = work.CreateContext();
        var (request, key, problem) = await CountAsync(db, id, tenant, mayDownload, cancellationToken);
        if (request is null || key is null)
            return problem;
        context.Response.ContentType = "application/zip";
        context.Response.ContentLength = request.ArchiveBytes;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"wpasis-data-{id}.zip\"";
        for (var number = 0; number * (long)ArchiveChunk.Bytes < request.ArchiveBytes; number++)
        {
            var piece = await ReadAsync(db, request, number, cancellationToken);
            await context.Response.Body.WriteAsync(
                key.UnsealBytes(ArchiveChunk.Column(request.ArchiveTry, number), piece),
                cancellationToken
            );
        }
        return null;
    }

    private Task<(SubjectRequest?, DataKey?, IResult?)> CountAsync(
        DataSubjectRequestDbContext db,
        SubjectRequestId id,
        TenantId? tenant,
        Func<SubjectRequest, bool> mayDownload,
        CancellationToken cancellationToken
    ) =>
        db.AsControllerAsync(
            tenant,
            async (inner, token) =>
            {
                var rows = await inner
                    .Requests.FromSql($"select * from subject_request where request_id = {id.Value} for update")
                    .ToListAsync(token);
                if (rows is not [var request] || !mayDownload(request))
                    return Refused(GetRequestEndpoint.NotFound());
                if (request.Downloads >= SubjectRequest.MostDownloads)
                    return Refused(Problems.Of(StatusCodes.Status410Gone, "archive-spent", "The archive was downloaded five times."));
                if (!request.HasArchive(clock.GetUtcNow()))
                    return Refused(Problems.Of(StatusCodes.Status404NotFound, "no-archive", "There is no archive, or not any more."));
                var key = await vault.OpenSubjectKeyAsync(inner, request.KeyOwner, token);
                request.Downloads++;
                request.DownloadUntil = null;
                return ((SubjectRequest?)request, (DataKey?)key, (IResult?)null);
            },
            cancellationToken
        );

    private static (SubjectRequest?, DataKey?, IResult?) Refused(IResult problem) => (null, null, problem);

    private static Task<SealedText> ReadAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        int number,
        CancellationToken cancellationToken
    ) =>
        db.AsControllerAsync(
            request.TenantId,
            async (inner, token) =>
            {
                var piece = await inner
                    .ArchiveChunks.AsNoTracking()
                    .SingleAsync(
                        chunk => chunk.RequestId == request.RequestId && chunk.Try == request.ArchiveTry && chunk.Number == number,
                        token
                    );
                return piece.Content;
            },
            cancellationToken
        );
}
