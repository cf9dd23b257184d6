namespace WpAsis.Sandbox.Hosting;

/// <summary>Work that was started before a reset ends with it: its token is cancelled and the next generation begins.</summary>
internal sealed class Generation : IDisposable
{
    private CancellationTokenSource _current = new();

    public CancellationToken Token => Volatile.Read(ref _current).Token;

    public void Next()
    {
        var old = Interlocked.Exchange(ref _current, new CancellationTokenSource());
        old.Cancel();
    }

    public void Dispose() => _current.Cancel();
}
