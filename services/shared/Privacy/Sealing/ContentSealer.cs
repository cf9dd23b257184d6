using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Privacy.Sealing;

/// <summary>Where a piece of content belongs. Sealed content that is moved anywhere else does not open.</summary>
/// <param name="Tenant">The customer.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Item">The message or reply, as a bare uuid.</param>
/// <param name="Kind">What it is there: <c>text</c>, <c>reply</c>. At most 64 characters.</param>
public readonly record struct ContentAddress(TenantId Tenant, ThreadId Thread, Guid Item, string Kind);

/// <summary>
/// Seals what was said under the key of the hour, and opens it while that key lives. Random nonces allow 2^32 values
/// under one key; a key serves one hour of one window class.
/// </summary>
public sealed class ContentSealer(ContentKeyRing ring)
{
    /// <summary>Largest body that is sealed before it is split.</summary>
    public const int MaxRawBytes = 4 * 1024 * 1024;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int IdBytes = 16;
    private const int MaxKind = 64;
    private const int MaxAddress = (4 * sizeof(ushort)) + (3 * IdBytes) + (MaxKind * 3);

    /// <summary>Seals a message under the epoch of this hour; it opens until the window has passed.</summary>
    public SealedContent Seal(ContentAddress address, WindowClass window, ReadOnlySpan<byte> content)
    {
        if (content.Length > SealedContent.MaxBytes)
            throw new ArgumentException("Content that is larger than a message may be travels as media.", nameof(content));
        Span<byte> bound = stackalloc byte[MaxAddress];
        return Seal(window, content, bound[..Write(address, bound)]);
    }

    /// <summary>Opens a message. False when its epoch is gone: that is the promise, not a fault.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another address.</exception>
    public bool TryOpen(ContentAddress address, SealedContent content, out byte[] plaintext)
    {
        Span<byte> bound = stackalloc byte[MaxAddress];
        return TryOpen(content, bound[..Write(address, bound)], SealedContent.MaxBytes, out plaintext);
    }

    /// <summary>Seals a body as it arrived, whoever its customers are; quarantine seals it anew in the longest class.</summary>
    public SealedContent SealRaw(Guid intakeId, ReadOnlySpan<byte> body, WindowClass window = WindowClass.Hours6)
    {
        if (body.Length > MaxRawBytes)
            throw new ArgumentException("A raw body is larger than is taken in.", nameof(body));
        Span<byte> bound = stackalloc byte[MaxAddress];
        return Seal(window, body, bound[..WriteRaw(intakeId, bound)]);
    }

    /// <summary>Opens a body as it arrived. False when its epoch is gone.</summary>
    /// <exception cref="CryptographicException">It was changed, or is another row's.</exception>
    public bool TryOpenRaw(Guid intakeId, SealedContent content, out byte[] body)
    {
        Span<byte> bound = stackalloc byte[MaxAddress];
        return TryOpen(content, bound[..WriteRaw(intakeId, bound)], MaxRawBytes, out body);
    }

    private SealedContent Seal(WindowClass window, ReadOnlySpan<byte> content, ReadOnlySpan<byte> bound)
    {
        var nonce = new byte[NonceBytes];
        var tag = new byte[TagBytes];
        var ciphertext = new byte[content.Length];
        Nonces.Fill(nonce);
        var key = ring.Current(window);
        if (!key.TryBorrow(out var aes))
            throw new CryptographicException($"The content key {key.Name} was destroyed.");
        try
        {
            aes.Encrypt(nonce, content, ciphertext, tag, bound);
        }
        finally
        {
            key.Return(aes);
        }
        return new SealedContent
        {
            Epoch = key.Name,
            Nonce = nonce,
            Ciphertext = ciphertext,
            Tag = tag,
        };
    }

    private bool TryOpen(SealedContent content, ReadOnlySpan<byte> bound, int most, out byte[] plaintext)
    {
        plaintext = [];
        if (content.Nonce.Length != NonceBytes || content.Tag.Length != TagBytes || content.Ciphertext.Length > most)
            throw new CryptographicException("Sealed content has the wrong form.");
        if (!ContentEpoch.TryParse(content.Epoch, out _))
            throw new CryptographicException("Sealed content names no epoch.");
        if (!ring.TryFind(content.Epoch, out var key) || !key.TryBorrow(out var aes))
            return false;
        try
        {
            var opened = new byte[content.Ciphertext.Length];
            aes.Decrypt(content.Nonce, content.Ciphertext, content.Tag, opened, bound);
            plaintext = opened;
            return true;
        }
        finally
        {
            key.Return(aes);
        }
    }

    private static int Write(in ContentAddress address, Span<byte> destination)
    {
        if (address.Kind is not { Length: > 0 and <= MaxKind })
            throw new ArgumentException("An address needs a kind of 1 to 64 characters.", nameof(address));
        var at = WriteId(address.Tenant.Value, destination, 0);
        at = WriteId(address.Thread.Value, destination, at);
        at = WriteId(address.Item, destination, at);
        return WriteText(address.Kind, destination, at);
    }

    // Its first length is three where an address begins with sixteen: a raw body never opens as a message.
    private static int WriteRaw(Guid intakeId, Span<byte> destination) => WriteId(intakeId, destination, WriteText("raw", destination, 0));

    private static int WriteId(Guid id, Span<byte> destination, int at)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], IdBytes);
        _ = id.TryWriteBytes(destination[(at + sizeof(ushort))..], bigEndian: true, out _);
        return at + sizeof(ushort) + IdBytes;
    }

    private static int WriteText(string text, Span<byte> destination, int at)
    {
        var written = Encoding.UTF8.GetBytes(text, destination[(at + sizeof(ushort))..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)written);
        return at + sizeof(ushort) + written;
    }
}
