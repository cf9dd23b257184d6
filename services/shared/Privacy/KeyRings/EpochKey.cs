using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace WpAsis.Privacy.KeyRings;

/// <summary>
/// One epoch's key in memory. Instances of AesGcm may not be shared between threads on OpenSSL
/// (the nonce of one call would meet the text of another), so each caller borrows one.
/// </summary>
internal sealed class EpochKey(ContentEpoch epoch, byte[] key)
{
    private const int TagBytes = 16;
    private static readonly int MostIdle = Math.Max(8, Environment.ProcessorCount * 2);
    private readonly ConcurrentQueue<AesGcm> idle = new();
    private readonly Lock gate = new();
    private bool forgotten;

    public ContentEpoch Epoch { get; } = epoch;

    public string Name { get; } = epoch.Name;

    /// <summary>False when the key was forgotten meanwhile.</summary>
    public bool TryBorrow([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AesGcm? aes)
    {
        if (!Volatile.Read(ref forgotten) && idle.TryDequeue(out aes))
            return true;
        // Under the lock: a key that is being wiped must never seal anything.
        lock (gate)
        {
            aes = forgotten ? null : new AesGcm(key, TagBytes);
            return aes is not null;
        }
    }

    public void Return(AesGcm aes)
    {
        lock (gate)
        {
            if (!forgotten && idle.Count < MostIdle)
            {
                idle.Enqueue(aes);
                return;
            }
        }
        aes.Dispose();
    }

    public bool TryCopy(Span<byte> destination)
    {
        lock (gate)
        {
            if (!forgotten)
                key.CopyTo(destination);
            return !forgotten;
        }
    }

    public void Forget()
    {
        lock (gate)
        {
            forgotten = true;
            CryptographicOperations.ZeroMemory(key);
        }
        while (idle.TryDequeue(out var aes))
            aes.Dispose();
    }
}
