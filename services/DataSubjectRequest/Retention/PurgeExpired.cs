using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.DataSubjectRequest.Retention;

/// <summary>Forgets a request 30 days after it was closed, with its key: what stood in it is noise wherever a copy remains.</summary>
internal sealed class PurgeExpired(WorkDb<DataSubjectRequestDbContext> work, Vault vault, TimeProvider clock, ILogger<PurgeExpired> logger)
    : Sweeper(logger)
{
    private const int BatchSize = 100;

    public override bool Purges => true;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(15);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var now = clock.GetUtcNow();
        var before = now - RetentionTable.SubjectRequests;
        var oldest = await db
            .Routes.AsNoTracking()
            .Where(route => route.ClosedAt < before)
            .OrderBy(route => route.ClosedAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var route in oldest)
            await ForgetAsync(db, route.RequestId, route.TenantId, now, cancellationToken);
        return oldest.Count == BatchSize;
    }

    private Task<bool> ForgetAsync(
        DataSubjectRequestDbContext db,
        SubjectRequestId id,
        TenantId? tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        db.InTransactionAsync(
            async (inner, token) =>
            {
                await vault.EraseSubjectAsync(inner, new(id.Value), now, token);
                if (tenant is { } controller)
                    await inner.SetTenantAsync(controller, token);
                await inner.ArchiveChunks.Where(chunk => chunk.RequestId == id).ExecuteDeleteAsync(token);
                await inner.Tasks.Where(task => task.RequestId == id).ExecuteDeleteAsync(token);
                Purged("subject_request", await inner.Requests.Where(request => request.RequestId == id).ExecuteDeleteAsync(token));
                await inner.Routes.Where(route => route.RequestId == id).ExecuteDeleteAsync(token);
                return true;
            },
            cancellationToken
        );
}
