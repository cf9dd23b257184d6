namespace WpAsis.Identity.Passwords;

/// <summary>
/// Hashing is the cheapest lever for whoever wants to overload us: as many at once as there are processors,
/// a short line behind them, and everybody else is asked to come back.
/// </summary>
internal sealed class HashGate : IDisposable
{
    private const int WaitingPerSlot = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly int _most = Environment.ProcessorCount * (1 + WaitingPerSlot);
    private int _inside;

    /// <summary>Runs the work; default when there was no place in time.</summary>
    public async Task<TResult?> TryRunAsync<TResult>(Func<TResult> work, CancellationToken cancellationToken)
        where TResult : class
    {
        try
        {
            if (Interlocked.Increment(ref _inside) > _most || !await _slots.WaitAsync(LongestWait, cancellationToken))
                return null;
            try
            {
                return work();
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _slots.Dispose();
}
