using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// What is done to clocks inside a transaction that holds their row locks. Locks are taken in one order everywhere:
/// clock before usage, and threads ascending.
/// </summary>
internal static class ClockRows
{
    /// <summary>Locks the clocks of threads, making those that are not there.</summary>
    public static async Task<Dictionary<ThreadId, TurnClock>> LockClocksAsync(
        this ResponderDbContext db,
        IReadOnlyList<TurnClock> wanted,
        CancellationToken cancellationToken
    )
    {
        var threads = wanted.Select(clock => clock.ThreadId.Value).ToArray();
        var clocks = await LockAsync(db, threads, cancellationToken);
        if (clocks.Count == threads.Length)
            return clocks;
        await MakeAsync(db, [.. wanted.Where(clock => !clocks.ContainsKey(clock.ThreadId))], cancellationToken);
        return await LockAsync(db, threads, cancellationToken);
    }

    private static async Task<Dictionary<ThreadId, TurnClock>> LockAsync(
        ResponderDbContext db,
        Guid[] threads,
        CancellationToken cancellationToken
    )
    {
        var rows = await db
            .Clocks.FromSql($"select * from turn_clock where thread_id = any ({threads}) order by thread_id for update")
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(clock => clock.ThreadId);
    }

    private static async Task MakeAsync(ResponderDbContext db, List<TurnClock> missing, CancellationToken cancellationToken)
    {
        missing.Sort((a, b) => a.ThreadId.Value.CompareTo(b.ThreadId.Value));
        var threads = missing.Select(clock => clock.ThreadId.Value).ToArray();
        var tenants = missing.Select(clock => clock.TenantId.Value).ToArray();
        var subjects = missing.Select(clock => clock.SubjectId.Value).ToArray();
        // The route too: a first message may be here before TenantRegistered, and sweepers find tenants by it.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into tenant_route (tenant_id, "window")
            select distinct t.tenant, 'Hours24' from unnest({tenants}) as t(tenant) order by t.tenant
            on conflict (tenant_id) do nothing;

            insert into turn_clock (thread_id, tenant_id, subject_id, thread_version, human_in_charge, opted_out, erased, silent,
                last_seq, answered_seq, version, hard_version, rebuilds, attempts, delays, fence, reserved_seq)
            select t.thread, t.tenant, t.subject, -1, false, false, false, false, 0, 0, 0, 0, 0, 0, 0, 0, 0
            from unnest({threads}, {tenants}, {subjects}) as t(thread, tenant, subject) order by t.thread
            on conflict (thread_id) do nothing
            """,
            cancellationToken
        );
    }

    /// <summary>Asks billing for the turn that the waiting messages will become.</summary>
    public static void AskForUsage(this ResponderDbContext db, TurnClock thread, TurnSettings settings, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        thread.ReservedSeq = thread.FirstPendingSeq;
        var usage = new Usage
        {
            UsageId = Turn.UsageIdOf(thread.ThreadId, thread.FirstPendingSeq),
            TenantId = thread.TenantId,
            ThreadId = thread.ThreadId,
            FromSeq = thread.FirstPendingSeq,
            State = UsageState.Asked,
            ExpiresAt = Usage.EndAt(thread.DeadlineAt!.Value + settings.ReservationMargin),
            AskedAt = now,
            RepeatAt = now + Usage.Repeats[0],
        };
        db.Usages.Add(usage);
        db.Publish(usage.Command(settings.CostCeiling), clock);
    }

    /// <summary>
    /// Ends what waits without a reply: the range gets its last row, and what was reserved goes back in the same transaction.
    /// </summary>
    public static async Task CloseAsync(
        this ResponderDbContext db,
        TurnClock thread,
        TurnReason reason,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await db.SupersedeAttemptsAsync(thread, now, cancellationToken);
        var usage = await db.ReleaseUsageAsync(thread, clock, cancellationToken);
        var (from, to) = thread.Close();
        db.Turns.Add(EndOf(thread, from, to, TurnState.Closed, reason, usage, now));
    }

    /// <summary>The row that says how a range ended without the model. The clock is closed already: its fence is the range's own.</summary>
    public static Turn EndOf(TurnClock thread, int from, int to, TurnState state, TurnReason reason, UsageId? usage, DateTimeOffset now) =>
        new()
        {
            TenantId = thread.TenantId,
            ThreadId = thread.ThreadId,
            FromSeq = from,
            ToSeq = to,
            Fence = thread.Fence,
            TurnId = Turn.IdOf(thread.ThreadId, from),
            State = state,
            Reason = reason,
            UsageId = usage,
            StartedAt = now,
            ChangedAt = now,
        };

    /// <summary>Attempts that a crash left behind are over.</summary>
    public static Task SupersedeAttemptsAsync(
        this ResponderDbContext db,
        TurnClock thread,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update turn set state = 'Superseded', changed_at = {now}
            where thread_id = {thread.ThreadId.Value} and from_seq = {thread.FirstPendingSeq} and state = 'Generating'
            """,
            cancellationToken
        );

    /// <summary>
    /// Attempts at the waiting messages that ended with a lost lease or an error of ours. A claim whose worker never came to open it,
    /// because the database was away or had too much to do, was none.
    /// </summary>
    public static Task<int> CountFailedAsync(this ResponderDbContext db, TurnClock thread, CancellationToken cancellationToken)
    {
        var (id, from) = (thread.ThreadId, thread.FirstPendingSeq);
        return db.Turns.CountAsync(
            turn =>
                turn.ThreadId == id
                && turn.FromSeq == from
                && turn.State == TurnState.Superseded
                && (turn.Reason == TurnReason.None || turn.Reason == TurnReason.Error),
            cancellationToken
        );
    }

    /// <summary>Gives back what is reserved for the waiting messages. A denial has nothing to give back.</summary>
    public static async Task<UsageId?> ReleaseUsageAsync(
        this ResponderDbContext db,
        TurnClock thread,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var (id, from) = (thread.ThreadId, thread.FirstPendingSeq);
        // A reservation asked for in this very transaction may not be saved yet.
        var usage =
            db.Usages.Local.FirstOrDefault(usage => usage.ThreadId == id && usage.FromSeq == from)
            ?? await db.Usages.SingleOrDefaultAsync(usage => usage.ThreadId == id && usage.FromSeq == from, cancellationToken);
        if (usage?.State is not (UsageState.Asked or UsageState.Granted))
            return usage?.UsageId;
        usage.State = UsageState.Released;
        usage.RepeatAt = null;
        db.Publish(
            new UsageReleased
            {
                TenantId = usage.TenantId,
                UsageId = usage.UsageId,
                ThreadId = usage.ThreadId,
            },
            clock
        );
        return usage.UsageId;
    }

    /// <summary>
    /// Tells the workers, by one notification for the whole batch: a notification's commit takes a lock on the whole database.
    /// Only threads in work need it.
    /// </summary>
    public static async Task NotifyWorkersAsync(
        this ResponderDbContext db,
        IEnumerable<TurnClock> clocks,
        CancellationToken cancellationToken
    )
    {
        var inWork = clocks.Where(clock => clock.Owner is not null || clock.LostOwner).ToList();
        if (inWork.Count > 0)
            await db.Database.ExecuteSqlAsync($"select pg_notify('turn', {TurnNotification.Write(inWork)})", cancellationToken);
    }
}
