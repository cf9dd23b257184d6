using WpAsis.Billing.Data;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Retention;

/// <summary>Forgets events of Stripe after 90 days, whatever became of them. Stripe forgets them after 30: none comes back.</summary>
internal sealed class PurgeStripeEvents(WorkDb<BillingDbContext> work, TimeProvider clock, ILogger<PurgeStripeEvents> logger)
    : Sweeper(logger)
{
    private const int BatchSize = 1_000;

    public override bool Purges => true;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(15);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var oldest = clock.GetUtcNow() - RetentionTable.StripeInbox;
        return await PurgeAsync(
                db,
                $"""
                delete from stripe_event where id = any(array(
                    select id from stripe_event where received_at <= {oldest} limit {BatchSize}))
                """,
                cancellationToken
            ) == BatchSize;
    }
}
