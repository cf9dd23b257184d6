using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Turns;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Usages;

/// <summary>Asks billing again, with the same id and the same end, while it has not answered.</summary>
internal sealed class RepeatReservations(
    WorkDb<ResponderDbContext> work,
    TurnSettings settings,
    TimeProvider clock,
    ILogger<RepeatReservations> logger
) : Sweeper(logger)
{
    private const int BatchSize = 200;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var repeated = await db.InTransactionAsync(RepeatAsync, cancellationToken);
        return repeated == BatchSize;
    }

    private async Task<int> RepeatAsync(ResponderDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = await db
            .Usages.FromSql(
                $"""
                select * from usage where repeat_at <= {now} and state = 'Asked'
                order by repeat_at limit {BatchSize} for update skip locked
                """
            )
            .ToListAsync(cancellationToken);
        foreach (var usage in due)
        {
            usage.RepeatCount++;
            usage.RepeatAt = usage.RepeatCount < Usage.Repeats.Count ? usage.AskedAt + Usage.Repeats[usage.RepeatCount] : null;
            db.Publish(usage.Command(settings.CostCeiling), clock);
        }
        return due.Count;
    }
}
