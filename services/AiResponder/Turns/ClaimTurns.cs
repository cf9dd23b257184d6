using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// Claims what is due by one statement and starts a worker for each. Looks a little ahead and sets a timer to the earliest due
/// moment: that is as prompt as a notification per message, without its lock.
/// </summary>
internal sealed class ClaimTurns(
    WorkDb<ResponderDbContext> work,
    RunningTurns running,
    GenerateReply generate,
    TurnSettings settings,
    TimeProvider clock,
    ILogger<ClaimTurns> logger
) : Sweeper(logger)
{
    private const int BatchSize = 50;
    private static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(100);
    private volatile bool _stopping;
    private ITimer? _timer;

    protected override TimeSpan Interval => settings.LookAhead;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        await base.StopAsync(cancellationToken);
        await running.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        base.Dispose();
    }

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        if (_stopping)
            return false;
        var free = Math.Min(BatchSize, settings.MaxRunning - running.Count);
        if (free <= 0)
            return false;
        var claims = await ClaimAsync(free, cancellationToken);
        foreach (var claim in claims)
            Start(claim);
        if (claims.Count < free)
            await LookAheadAsync(cancellationToken);
        return claims.Count == free;
    }

    /// <summary>
    /// Takes leases. Only a lost lease or an error of ours keeps the claim counted. What this process works on it does not take from
    /// itself, though its lease ran out while the database was away.
    /// </summary>
    internal async Task<List<TurnClaim>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var own = running.All.Select(turn => turn.Claim.ThreadId.Value).ToArray();
        await using var db = work.CreateContext();
        var rows = await db
            .Database.SqlQuery<ClaimRow>(
                $"""
                with due as (
                    select thread_id from turn_clock where wake_at <= {now} and not silent and thread_id <> all ({own})
                    order by wake_at limit {most} for update skip locked)
                update turn_clock k set fence = fence + 1, attempts = attempts + 1, owner = {running.Owner}, wake_at = {now
                    + settings.Lease}
                from due where k.thread_id = due.thread_id
                returning k.thread_id as "Thread", k.tenant_id as "Tenant", k.fence as "Fence"
                """
            )
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new TurnClaim(new ThreadId(row.Thread), new TenantId(row.Tenant), row.Fence, running.Owner));
    }

    private void Start(TurnClaim claim)
    {
        var turn = running.Add(claim);
        turn.Work = Task.Run(
            async () =>
            {
                try
                {
                    await generate.RunAsync(turn);
                }
                finally
                {
                    running.Remove(turn);
                    turn.Dispose();
                    Wake();
                }
            },
            CancellationToken.None
        );
    }

    private async Task LookAheadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var horizon = now + settings.LookAhead + Overlap;
        await using var db = work.CreateContext();
        var next = await db
            .Clocks.AsNoTracking()
            .Where(thread => thread.WakeAt != null && thread.WakeAt <= horizon && !thread.Silent)
            .MinAsync(thread => thread.WakeAt, cancellationToken);
        if (next is not { } due)
            return;
        var pause = due > now ? due - now : TimeSpan.Zero;
        _timer ??= clock.CreateTimer(static state => ((ClaimTurns)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }

    private sealed record ClaimRow(Guid Thread, Guid Tenant, long Fence);
}
