using System.Collections.Concurrent;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Bodies that this process has stored and will split itself: they are neither read from the table nor unsealed again. Bounded; what
/// does not fit is read from the table in its turn, by whichever replica comes first.
/// </summary>
internal sealed class KeptBodies
{
    private const int MostRows = 4_096;
    private const int MostBytes = 32 * 1024 * 1024;
    private readonly ConcurrentQueue<IntakeBody> _bodies = new();
    private int _rows;
    private long _bytes;

    /// <summary>How many wait.</summary>
    public int Rows => _bodies.Count;

    /// <summary>Makes room. Only the writer asks, so nobody takes the room in between.</summary>
    public bool TryReserve(IntakeBody[] batch)
    {
        var bytes = batch.Sum(body => (long)body.Length);
        if (Volatile.Read(ref _rows) + batch.Length > MostRows || Interlocked.Read(ref _bytes) + bytes > MostBytes)
            return false;
        Interlocked.Add(ref _rows, batch.Length);
        Interlocked.Add(ref _bytes, bytes);
        return true;
    }

    /// <summary>Takes a reservation back.</summary>
    public void Forget(IEnumerable<IntakeBody> batch)
    {
        foreach (var body in batch)
        {
            Interlocked.Decrement(ref _rows);
            Interlocked.Add(ref _bytes, -body.Length);
        }
    }

    /// <summary>Adds what was reserved.</summary>
    public void Add(IntakeBody[] batch)
    {
        foreach (var body in batch)
            _bodies.Enqueue(body);
    }

    /// <summary>The oldest of them, and their room.</summary>
    public List<IntakeBody> Take(int rows, int bytes)
    {
        var taken = new List<IntakeBody>();
        for (var size = 0; taken.Count < rows && size < bytes && _bodies.TryDequeue(out var body); size += body.Length)
            taken.Add(body);
        Forget(taken);
        return taken;
    }
}
