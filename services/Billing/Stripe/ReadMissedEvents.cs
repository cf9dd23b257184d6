using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// Reads Stripe's own list of events every few minutes and stores those that no webhook brought: a webhook that was lost costs minutes and
/// not a day. One replica reads at a time. Stripe keeps events for thirty days, so an outage of ours may last as long.
/// </summary>
internal sealed partial class ReadMissedEvents(
    WorkDb<BillingDbContext> work,
    StripeApi stripe,
    StoreStripeEvent store,
    StripeMetrics metrics,
    TimeProvider clock,
    ILogger<ReadMissedEvents> logger
) : Sweeper(logger)
{
    private const string Cursor = "events";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromMinutes(1);

    // Events show up in the list a little late, and clocks differ.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    private readonly ILogger _logger = logger;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(20);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var now = clock.GetUtcNow();
        if (await ClaimAsync(db, now, cancellationToken) is not { } readUntil)
            return false;
        try
        {
            var news = await stripe.ListEventsAsync(readUntil - Overlap, cancellationToken);
            var missed = await store.StoreAsync(news, cancellationToken);
            await FinishAsync(db, now, now + BetweenReads, cancellationToken);
            metrics.Missed(missed);
            if (missed > 0)
                Missed(_logger, missed);
        }
        catch (StripeAwayException)
        {
            await FinishAsync(db, readUntil, now + AfterOutage, cancellationToken);
        }
        return false;
    }

    private static async Task<DateTimeOffset?> ClaimAsync(BillingDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var claimed = await db
            .Database.SqlQuery<DateTimeOffset>(
                $"""
                insert into stripe_cursor (name, read_until, due_at) values ({Cursor}, {now - Kept}, {now + BetweenReads})
                on conflict (name) do update set due_at = excluded.due_at where stripe_cursor.due_at <= {now}
                returning read_until as "Value"
                """
            )
            .ToListAsync(cancellationToken);
        return claimed.Count == 1 ? claimed[0] : null;
    }

    private static Task<int> FinishAsync(
        BillingDbContext db,
        DateTimeOffset readUntil,
        DateTimeOffset dueAt,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"update stripe_cursor set read_until = {readUntil}, due_at = {dueAt} where name = {Cursor}",
            cancellationToken
        );

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} events of Stripe came by its list and not by a webhook")]
    private static partial void Missed(ILogger logger, int count);
}
