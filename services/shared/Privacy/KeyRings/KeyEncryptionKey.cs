using System.Security.Cryptography;

namespace WpAsis.Privacy.KeyRings;

/// <summary>Wraps the keys of persons and customers (AES-256-GCM), so that a database holds none that works without the ring.</summary>
public sealed class KeyEncryptionKey
{
    /// <summary>Length of this key and of the keys it wraps.</summary>
    public const int KeyBytes = 32;

    /// <summary>Length of a wrapped key: nonce, tag, key.</summary>
    public const int WrappedBytes = NonceBytes + TagBytes + KeyBytes;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] key;

    internal KeyEncryptionKey(int epoch, byte[] key)
    {
        if (key.Length != KeyBytes)
            throw new CryptographicException($"The key-encryption key of epoch {epoch} has the wrong length.");
        Epoch = epoch;
        this.key = key;
    }

    /// <summary>Which one it is; stored beside each key it wraps.</summary>
    public int Epoch { get; }

    /// <summary>Wraps a 32-byte key.</summary>
    /// <param name="plain">The key.</param>
    /// <param name="owner">Whose key it is: unwrapping under another owner fails.</param>
    public byte[] Wrap(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> owner)
    {
        if (plain.Length != KeyBytes)
            throw new ArgumentException("Only keys of 32 bytes are wrapped.", nameof(plain));
        var wrapped = new byte[WrappedBytes];
        var nonce = wrapped.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, wrapped.AsSpan(NonceBytes + TagBytes), wrapped.AsSpan(NonceBytes, TagBytes), owner);
        return wrapped;
    }

    /// <summary>The key in clear; a <see cref="CryptographicException"/> when it was changed or belongs to another owner.</summary>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> owner)
    {
        if (wrapped.Length != WrappedBytes)
            throw new CryptographicException("A wrapped key has the wrong length.");
        var plain = new byte[KeyBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(wrapped[..NonceBytes], wrapped[(NonceBytes + TagBytes)..], wrapped.Slice(NonceBytes, TagBytes), plain, owner);
        return plain;
    }

    /// <summary>Names the epoch only.</summary>
    public override string ToString() => $"kek-{Epoch}";
}
