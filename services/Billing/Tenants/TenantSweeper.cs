using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Tenants;

/// <summary>
/// Visits the customers that are due, each in a transaction of its own that also writes when it is due again. Two replicas may visit
/// the same one: a visit finds nothing left to do then. One that fails is tried again later and does not hold up its neighbours.
/// </summary>
internal abstract partial class TenantSweeper(TenantTask task, WorkDb<BillingDbContext> work, TimeProvider clock, ILogger logger)
    : Sweeper(logger)
{
    private const int BatchSize = 50;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(5);
    private readonly ILogger _logger = logger;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    /// <summary>Does what is due for one customer, in its transaction, and says when it is due again.</summary>
    protected abstract Task<DateTimeOffset?> VisitAsync(
        BillingDbContext db,
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var now = clock.GetUtcNow();
        var due = await db
            .TenantRoutes.Where(route => route.Task == task && route.DueAt <= now)
            .OrderBy(route => route.DueAt)
            .Take(BatchSize)
            .Select(route => route.TenantId)
            .ToListAsync(cancellationToken);
        foreach (var tenant in due)
            await VisitOneAsync(db, tenant, now, cancellationToken);
        return due.Count == BatchSize;
    }

    private async Task VisitOneAsync(BillingDbContext db, TenantId tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await db.InTenantAsync(
                tenant,
                async (inner, token) => await inner.ScheduleAsync(tenant, task, await VisitAsync(inner, tenant, now, token), token),
                cancellationToken
            );
        }
#pragma warning disable CA1031 // A customer whose visit fails does not hold up the others.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            VisitFailed(_logger, task, tenant, error.GetType().Name);
            await db.InTransactionAsync(
                async (inner, token) =>
                {
                    await inner.ScheduleAsync(tenant, task, now + PauseAfterFailure, token);
                    return true;
                },
                cancellationToken
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Task} of {Tenant} failed ({Error})")]
    private static partial void VisitFailed(ILogger logger, TenantTask task, TenantId tenant, string error);
}
