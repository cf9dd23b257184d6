using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// Asks Stripe about each paying customer once a day, and sooner while a payment page is open or when it left: whatever was missed, and why
/// ever, is put right.
/// </summary>
internal sealed partial class ReconcileCustomers(
    WorkDb<BillingDbContext> work,
    SyncCustomer sync,
    TimeProvider clock,
    ILogger<ReconcileCustomers> logger
) : Sweeper(logger)
{
    private const int BatchSize = 20;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(5);
    private readonly ILogger _logger = logger;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var due = await ClaimAsync(db, cancellationToken);
        foreach (var tenant in due)
        {
            try
            {
                await sync.RunAsync(TenantId.From(tenant), cancellationToken);
            }
            catch (StripeAwayException)
            {
                // The others would wait for their time-outs too.
                return false;
            }
#pragma warning disable CA1031 // A customer whose turn fails does not hold up the others; it is due again already.
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                SyncFailed(_logger, TenantId.From(tenant), error.GetType().Name);
            }
        }
        return due.Count == BatchSize;
    }

    // Due again in any case: who is killed after this line leaves nobody behind.
    private Task<List<Guid>> ClaimAsync(BillingDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db
            .Database.SqlQuery<Guid>(
                $"""
                update tenant_route set due_at = {now + AfterFailure}
                where (tenant_id, task) in (
                    select tenant_id, task from tenant_route where task = 'Sync' and due_at <= {now}
                    order by due_at limit {BatchSize} for update skip locked)
                returning tenant_id as "Value"
                """
            )
            .ToListAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Tenant} could not be compared with Stripe ({Error})")]
    private static partial void SyncFailed(ILogger logger, TenantId tenant, string error);
}
