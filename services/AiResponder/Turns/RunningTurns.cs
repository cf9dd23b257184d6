using System.Collections.Concurrent;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>The turns this process works on: notifications and heartbeats reach them here.</summary>
internal sealed class RunningTurns
{
    private readonly ConcurrentDictionary<ThreadId, RunningTurn> _turns = new();

    /// <summary>This process, as the owner of leases.</summary>
    public Guid Owner { get; } = TypedId.RandomGuid();

    public int Count => _turns.Count;

    public ICollection<RunningTurn> All => _turns.Values;

    /// <summary>Adds a claimed turn. An older claim of the same thread has lost its lease, or this one would not be.</summary>
    public RunningTurn Add(TurnClaim claim)
    {
        var turn = new RunningTurn(claim);
        _turns.AddOrUpdate(
            claim.ThreadId,
            turn,
            (_, older) =>
            {
                older.Cancel(TurnInterruption.LeaseLost);
                return turn;
            }
        );
        return turn;
    }

    public void Remove(RunningTurn turn) => _turns.TryRemove(new(turn.Claim.ThreadId, turn));

    public void Hear(TurnNews news)
    {
        if (_turns.TryGetValue(news.Thread, out var turn))
            turn.Hear(news);
    }

    /// <summary>Gives every claim back; returns when the workers have done so or the limit is over.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var turn in All)
            turn.Cancel(TurnInterruption.Stopped);
        await Task.WhenAll(All.Select(turn => turn.Work))
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What PostgreSQL says on channel <c>turn</c> goes to the turns; after a reconnect the heartbeat is asked.</summary>
    public Notification Notification(KeepLeases leases) =>
        new(
            TurnNotification.Channel,
            payload =>
            {
                if (payload.Length == 0)
                    leases.Wake();
                foreach (var news in TurnNotification.Read(payload))
                    Hear(news);
            }
        );
}

/// <summary>What stopped a worker in the middle of its turn.</summary>
internal enum TurnInterruption
{
    None,

    /// <summary>A newer message: rebuilt, at most twice.</summary>
    NewMessage,

    /// <summary>Edit, revoke, or the thread changed hands.</summary>
    Changed,

    /// <summary>Another worker has it, or it was closed.</summary>
    LeaseLost,

    /// <summary>The process ends.</summary>
    Stopped,
}

/// <summary>A claim and the means to stop the work on it.</summary>
internal sealed class RunningTurn(TurnClaim claim) : IDisposable
{
    /// <summary>How long an end of the process waits for what is left to do.</summary>
    public static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenSource _finish = new();
    private readonly Lock _lock = new();
    private (int Version, int HardVersion, bool Final)? _watched;
    private TurnNews? _newest;

    public TurnClaim Claim { get; } = claim;

    /// <summary>Ends the work on the answer.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Ends what is left to do when there is an answer, or none: some time after the process was told to end.</summary>
    public CancellationToken Finish => _finish.Token;

    public TurnInterruption Interruption { get; private set; }

    /// <summary>The worker's task, for an orderly end.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>From now on a change of these is news. What was heard before is looked at again.</summary>
    public void Watch(int version, int hardVersion, bool final)
    {
        lock (_lock)
        {
            _watched = (version, hardVersion, final);
            if (_newest is { } news)
                Judge(news);
        }
    }

    public void Hear(TurnNews news)
    {
        lock (_lock)
        {
            _newest = news;
            Judge(news);
        }
    }

    public void Cancel(TurnInterruption why)
    {
        try
        {
            if (why is TurnInterruption.Stopped)
                _finish.CancelAfter(FinishLimit);
            lock (_lock)
            {
                if (Interruption is not TurnInterruption.None)
                    return;
                Interruption = why;
            }
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the same moment.
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _finish.Dispose();
    }

    private void Judge(TurnNews news)
    {
        if (news.Fence > Claim.Fence)
            Cancel(TurnInterruption.LeaseLost);
        else if (news.Fence == Claim.Fence && _watched is { } watched)
        {
            if (news.HardVersion > watched.HardVersion)
                Cancel(TurnInterruption.Changed);
            else if (news.Version > watched.Version && !watched.Final)
                Cancel(TurnInterruption.NewMessage);
        }
    }
}

/// <summary>The right to work on a thread until the lease ends.</summary>
internal sealed record TurnClaim(ThreadId ThreadId, TenantId TenantId, long Fence, Guid Owner);
