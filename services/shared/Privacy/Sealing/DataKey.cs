using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.Privacy.Sealing;

/// <summary>
/// The unwrapped key of one person or one customer. It lives as long as the work at hand and is not kept:
/// an erased person's key must not survive in a cache.
/// </summary>
public sealed class DataKey
{
    private const int MaxName = 128;
    private readonly byte[] key;

    internal DataKey(SealedFor owner, Guid id, byte[] key)
    {
        For = owner;
        Owner = id;
        this.key = key;
    }

    /// <summary>Whether it is a person's or a customer's.</summary>
    public SealedFor For { get; }

    /// <summary>The owner's bare uuid.</summary>
    public Guid Owner { get; }

    /// <summary>Seals a text for the place where it will stand.</summary>
    public SealedText Seal(SealedColumn column, string text) => SealBytes(column, Encoding.UTF8.GetBytes(text));

    /// <summary>The text in clear.</summary>
    /// <exception cref="CryptographicException">It was changed, or moved from another column or owner.</exception>
    public string Unseal(SealedColumn column, SealedText value) => Encoding.UTF8.GetString(UnsealBytes(column, value));

    /// <summary>The same for what is no text: a secret, a vector.</summary>
    public SealedText SealBytes(SealedColumn column, ReadOnlySpan<byte> plain)
    {
        var bytes = new byte[SealedText.Overhead + plain.Length];
        var header = bytes.AsSpan(0, SealedText.HeaderBytes);
        var nonce = bytes.AsSpan(SealedText.HeaderBytes, SealedText.NonceBytes);
        var tag = bytes.AsSpan(SealedText.HeaderBytes + SealedText.NonceBytes, SealedText.TagBytes);
        SealedText.WriteHeader(header, For, Owner);
        Nonces.Fill(nonce);
        using var aes = new AesGcm(key, SealedText.TagBytes);
        aes.Encrypt(nonce, plain, bytes.AsSpan(SealedText.Overhead), tag, Bound(header, column));
        return SealedText.Adopt(bytes);
    }

    /// <inheritdoc cref="Unseal" />
    public byte[] UnsealBytes(SealedColumn column, SealedText value)
    {
        if (value.For != For || value.Owner != Owner)
            throw new CryptographicException("A sealed value belongs to another owner.");
        var plain = new byte[value.Ciphertext.Length];
        using var aes = new AesGcm(key, SealedText.TagBytes);
        aes.Decrypt(value.Nonce, value.Ciphertext, value.Tag, plain, Bound(value.Header, column));
        return plain;
    }

    /// <summary>Nothing of it.</summary>
    public override string ToString() => $"key of a {For}";

    // Header and three names, each with its length before it: no two places have the same bytes.
    private static byte[] Bound(ReadOnlySpan<byte> header, SealedColumn column)
    {
        var bound = new byte[header.Length + (3 * (sizeof(ushort) + (MaxName * 3)))];
        header.CopyTo(bound);
        var at = Append(bound, header.Length, column.Service);
        at = Append(bound, at, column.Table);
        return bound[..Append(bound, at, column.Column)];
    }

    private static int Append(byte[] bound, int at, string name)
    {
        if (name is not { Length: > 0 and <= MaxName })
            throw new ArgumentException("A sealed column needs names of 1 to 128 characters.", nameof(name));
        var written = Encoding.UTF8.GetBytes(name, bound.AsSpan(at + sizeof(ushort)));
        BinaryPrimitives.WriteUInt16BigEndian(bound.AsSpan(at), (ushort)written);
        return at + sizeof(ushort) + written;
    }
}
