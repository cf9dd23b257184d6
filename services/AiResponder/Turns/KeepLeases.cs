using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// The heartbeat: one statement prolongs every lease of this process and brings back the counters, which is the safety net
/// under lost notifications. A row that does not come back is another's.
/// </summary>
internal sealed class KeepLeases(
    WorkDb<ResponderDbContext> work,
    RunningTurns running,
    TurnSettings settings,
    TimeProvider clock,
    ILogger<KeepLeases> logger
) : Sweeper(logger)
{
    /// <summary>Before the claims: when the clock is moved, nobody takes what this process still works on.</summary>
    public override int Order => 50;

    protected override TimeSpan Interval => settings.Heartbeat;

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var turns = running.All.ToList();
        if (turns.Count == 0)
            return false;
        var threads = turns.Select(turn => turn.Claim.ThreadId.Value).ToArray();
        var fences = turns.Select(turn => turn.Claim.Fence).ToArray();
        var lease = clock.GetUtcNow() + settings.Lease;
        await using var db = work.CreateContext();
        var rows = await db
            .Database.SqlQuery<LeaseRow>(
                $"""
                update turn_clock k set wake_at = {lease}
                from unnest({threads}, {fences}) as r(thread_id, fence)
                where k.thread_id = r.thread_id and k.fence = r.fence and k.owner = {running.Owner}
                returning k.thread_id as "Thread", k.version as "Version", k.hard_version as "HardVersion", k.fence as "Fence"
                """
            )
            .ToListAsync(cancellationToken);
        var held = rows.ToDictionary(row => row.Thread);
        foreach (var turn in turns)
        {
            if (held.TryGetValue(turn.Claim.ThreadId.Value, out var row))
                turn.Hear(new TurnNews(new ThreadId(row.Thread), row.Version, row.HardVersion, row.Fence));
            else
                turn.Cancel(TurnInterruption.LeaseLost);
        }
        return false;
    }

    private sealed record LeaseRow(Guid Thread, int Version, int HardVersion, long Fence);
}
