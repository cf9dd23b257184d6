using WpAsis.Billing.Data;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Retention;

/// <summary>Forgets what was kept for a customer that never registered.</summary>
internal sealed class PurgeHeld(WorkDb<BillingDbContext> work, TimeProvider clock, ILogger<PurgeHeld> logger) : Sweeper(logger)
{
    private const int BatchSize = 1_000;

    public override bool Purges => true;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(15);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var oldest = clock.GetUtcNow() - RetentionTable.DedupeKeys;
        return await PurgeAsync(
                db,
                $"""
                delete from held_reservation where usage_id = any(array(
                    select usage_id from held_reservation where held_at <= {oldest} limit {BatchSize}))
                """,
                cancellationToken
            ) == BatchSize;
    }
}
