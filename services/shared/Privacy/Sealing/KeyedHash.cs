using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace WpAsis.Privacy.Sealing;

/// <summary>
/// HMAC-SHA256 under one key. What prepares the key is kept and lent: to prepare it costs more than to hash a short text.
/// </summary>
/// <param name="key">The key; it cannot be read again.</param>
public sealed class KeyedHash(byte[] key)
{
    private readonly ConcurrentQueue<IncrementalHash> idle = new();

    /// <summary>Writes the hash of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="hash">32 bytes.</param>
    public void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        if (!idle.TryDequeue(out var hmac))
            hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        // One that failed in between is not lent again.
        hmac.AppendData(bytes);
        hmac.GetHashAndReset(hash);
        idle.Enqueue(hmac);
    }

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "keyed hash";
}
