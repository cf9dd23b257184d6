using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>
/// A request's rows, changed under the lock of its route: what a state brings with it (tasks, times, what is forgotten) is written here,
/// in the same transaction as the state.
/// </summary>
internal static class RequestRows
{
    /// <summary>Takes the request that is due for the longest time; nobody else gets it until the lease is over.</summary>
    public static async Task<RequestRoute?> ClaimAsync(
        this DataSubjectRequestDbContext db,
        DateTimeOffset now,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        var claimed = await db
            .Routes.FromSql(
                $"""
                update request_route set next_at = {now + lease} where request_id in (
                    select request_id from request_route where next_at <= {now} order by next_at limit 1 for update skip locked)
                returning *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return claimed.SingleOrDefault();
    }

    /// <summary>Runs in a transaction that sees a customer's rows; what belongs to an account is under no customer.</summary>
    public static Task<TResult> AsControllerAsync<TResult>(
        this DataSubjectRequestDbContext db,
        TenantId? tenant,
        Func<DataSubjectRequestDbContext, CancellationToken, Task<TResult>> run,
        CancellationToken cancellationToken
    ) =>
        db.InTransactionAsync(
            async (inner, token) =>
            {
                if (tenant is { } controller)
                    await inner.SetTenantAsync(controller, token);
                return await run(inner, token);
            },
            cancellationToken
        );

    /// <summary>Reads a request as its customer sees it.</summary>
    public static Task<SubjectRequest?> ReadAsync(
        this DataSubjectRequestDbContext db,
        RequestRoute route,
        CancellationToken cancellationToken
    ) =>
        db.AsControllerAsync(
            route.TenantId,
            (inner, token) => inner.Requests.AsNoTracking().SingleOrDefaultAsync(row => row.RequestId == route.RequestId, token),
            cancellationToken
        );

    /// <summary>
    /// Changes a request that is still in the state in which it was read; another process may have been faster. The pause says when
    /// it is due again; a closed request never is.
    /// </summary>
    public static Task<bool> ChangeAsync(
        this DataSubjectRequestDbContext db,
        SubjectRequest read,
        Func<DataSubjectRequestDbContext, SubjectRequest, CancellationToken, Task<TimeSpan?>> change,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) =>
        db.InTransactionAsync(
            async (inner, token) =>
            {
                var routes = await inner
                    .Routes.FromSql($"select * from request_route where request_id = {read.RequestId.Value} for update")
                    .ToListAsync(token);
                if (routes is not [var route])
                    return false;
                if (route.TenantId is { } tenant)
                    await inner.SetTenantAsync(tenant, token);
                var request = await inner.Requests.SingleAsync(row => row.RequestId == read.RequestId, token);
                if (request.State != read.State)
                    return false;
                var pause = await change(inner, request, token);
                if (request.State != read.State)
                    await EnterAsync(inner, request, route, token);
                route.NextAt = request.IsClosed || pause is null ? null : clock.GetUtcNow() + pause;
                return true;
            },
            cancellationToken
        );

    private static async Task EnterAsync(
        DataSubjectRequestDbContext db,
        SubjectRequest request,
        RequestRoute route,
        CancellationToken cancellationToken
    )
    {
        if (request.State is RequestState.Executing && !request.IsForArchive)
            await HandOutAsync(db, request, cancellationToken);
        if (!request.IsClosed)
            return;
        (route.CodeHash, route.CodeExpiresAt, route.ClosedAt) = (null, null, request.ClosedAt);
        request.Name = null;
        await db.ArchiveChunks.Where(chunk => chunk.RequestId == request.RequestId).ExecuteDeleteAsync(cancellationToken);
        if (request is { State: RequestState.Completed, Kind: RequestKind.Erasure, SubjectId: { } subject })
            await ForgetArchivesAsync(db, subject, request.ClosedAt!.Value, cancellationToken);
    }

    private static async Task HandOutAsync(DataSubjectRequestDbContext db, SubjectRequest request, CancellationToken cancellationToken)
    {
        var tasks = await db.Tasks.Where(task => task.RequestId == request.RequestId).ToListAsync(cancellationToken);
        foreach (var task in tasks)
            (task.DoneAt, task.Receipt) = (null, null);
        foreach (var service in AskServices.All.Except(tasks.Select(task => task.Service), StringComparer.Ordinal))
        {
            db.Tasks.Add(
                new()
                {
                    RequestId = request.RequestId,
                    Service = service,
                    TenantId = request.TenantId,
                }
            );
        }
    }

    // A copy of what was forgotten must not outlive it.
    private static Task<int> ForgetArchivesAsync(
        DataSubjectRequestDbContext db,
        DataSubjectId subject,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            delete from archive_chunk where request_id in (select request_id from subject_request where subject_id = {subject.Value});
            update subject_request set name = null where subject_id = {subject.Value};
            update request_route set next_at = null, closed_at = {at} where request_id in (
                select request_id from subject_request where subject_id = {subject.Value} and state = {nameof(RequestState.Delivered)});
            update subject_request set state = {nameof(RequestState.Completed)}, closed_at = {at}, download_until = null
            where subject_id = {subject.Value} and state = {nameof(RequestState.Delivered)};
            """,
            cancellationToken
        );
}
