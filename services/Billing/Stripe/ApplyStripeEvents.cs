using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// Applies stored events: whatever an event says, its customer is asked for at Stripe and brought up to date, once for all events
/// that wait. So order and repetition mean nothing. A claim is counted and committed before the work; who is killed in the middle
/// leaves the event due.
/// </summary>
internal sealed partial class ApplyStripeEvents(
    WorkDb<BillingDbContext> work,
    SyncCustomer sync,
    StripeMetrics metrics,
    TimeProvider clock,
    ILogger<ApplyStripeEvents> logger
) : Sweeper(logger)
{
    private const int BatchSize = 50;
    private const int MostAttempts = 10;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private readonly ILogger _logger = logger;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var claimed = await ClaimAsync(db, cancellationToken);
        foreach (var events in claimed.GroupBy(item => item.CustomerId, StringComparer.Ordinal))
            await ApplyAsync(db, events.Key, [.. events], cancellationToken);
        return claimed.Count == BatchSize;
    }

    private Task<List<ClaimedEvent>> ClaimAsync(BillingDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db
            .Database.SqlQuery<ClaimedEvent>(
                $"""
                update stripe_event set attempts = attempts + 1, next_at = {now + Lease}
                where id = any(array(
                    select id from stripe_event where state = 'Received' and next_at <= {now}
                    order by next_at limit {BatchSize} for update skip locked))
                returning id as "Id", customer_id as "CustomerId", attempts as "Attempts"
                """
            )
            .ToListAsync(cancellationToken);
    }

    private async Task ApplyAsync(
        BillingDbContext db,
        string customer,
        IReadOnlyList<ClaimedEvent> events,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var route = await db.StripeRoutes.AsNoTracking().SingleOrDefaultAsync(row => row.CustomerId == customer, cancellationToken);
            if (route is null)
            {
                await PostponeAsync(db, events, nameof(StripeRoute), cancellationToken);
                return;
            }
            await sync.RunAsync(route.TenantId, cancellationToken);
            await FinishAsync(db, events, StripeEventState.Applied, cancellationToken);
        }
        catch (StripeAwayException)
        {
            // An outage is nobody's fault: it is waited out, however long.
            await PostponeAsync(db, events, reason: null, cancellationToken);
        }
#pragma warning disable CA1031 // One customer's trouble does not hold up the others.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            await PostponeAsync(db, events, error.GetType().Name, cancellationToken);
        }
    }

    private async Task PostponeAsync(
        BillingDbContext db,
        IReadOnlyList<ClaimedEvent> events,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (reason is not null)
        {
            ApplyFailed(_logger, events.Count, reason);
            var over = events.Where(item => item.Attempts >= MostAttempts).ToList();
            await FinishAsync(db, over, StripeEventState.Quarantined, cancellationToken);
            metrics.Quarantined(over.Count);
            events = [.. events.Except(over)];
        }
        if (events.Count == 0)
            return;
        var seconds = Math.Min(Math.Pow(2, events.Max(item => item.Attempts)), LongestPause.TotalSeconds);
        var ids = events.Select(item => item.Id).ToArray();
        var nextAt = clock.GetUtcNow().AddSeconds(seconds);
        await db.Database.ExecuteSqlAsync(
            $"update stripe_event set next_at = {nextAt} where id = any({ids}) and state = 'Received'",
            cancellationToken
        );
    }

    private static async Task FinishAsync(
        BillingDbContext db,
        IReadOnlyList<ClaimedEvent> events,
        StripeEventState state,
        CancellationToken cancellationToken
    )
    {
        var ids = events.Select(item => item.Id).ToArray();
        await db.Database.ExecuteSqlAsync($"update stripe_event set state = {state.ToString()} where id = any({ids})", cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events of a customer of Stripe could not be applied ({Reason})")]
    private static partial void ApplyFailed(ILogger logger, int count, string reason);

    private sealed record ClaimedEvent(string Id, string CustomerId, int Attempts);
}
