using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Privacy.Sealing;

/// <summary>Whose key seals a value.</summary>
public enum SealedFor
{
    /// <summary>A person: the value becomes noise when the person is erased.</summary>
    Subject = 1,

    /// <summary>A customer.</summary>
    Tenant = 2,
}

/// <summary>Where a sealed value stands. Together with its owner it is what the seal is bound to.</summary>
/// <param name="Service">Resource name, for example <c>messaging-gateway</c>.</param>
/// <param name="Table">Table, with its schema where that is not <c>public</c>.</param>
/// <param name="Column">Column.</param>
public readonly record struct SealedColumn(string Service, string Table, string Column);

/// <summary>
/// A personal value as it stands in a column: sealed, opaque, naming only its owner. It is sealed on purpose
/// (<c>key.Seal(column, text)</c>) and never by EF's converter, because a converter cannot wait for the vault,
/// and because a row that was read must stay opaque until somebody asks for a value.
/// </summary>
[NotPersonal("ciphertext under a key of its owner; noise once that key is gone")]
public sealed class SealedText : IEquatable<SealedText>
{
    internal const int HeaderBytes = 18;
    internal const int NonceBytes = 12;
    internal const int TagBytes = 16;
    internal const int Overhead = HeaderBytes + NonceBytes + TagBytes;
    private const byte Version = 1;
    private readonly byte[] bytes;

    private SealedText(byte[] bytes) => this.bytes = bytes;

    /// <summary>Whether a person's or a customer's key opens it.</summary>
    public SealedFor For => (SealedFor)bytes[1];

    /// <summary>The owner's bare uuid.</summary>
    public Guid Owner => new(bytes.AsSpan(2, 16), bigEndian: true);

    /// <summary>The person, where it is a person's.</summary>
    public DataSubjectId? Subject => For is SealedFor.Subject ? new DataSubjectId(Owner) : null;

    /// <summary>The customer, where it is a customer's.</summary>
    public TenantId? Tenant => For is SealedFor.Tenant ? new TenantId(Owner) : null;

    internal ReadOnlySpan<byte> Header => bytes.AsSpan(0, HeaderBytes);

    internal ReadOnlySpan<byte> Nonce => bytes.AsSpan(HeaderBytes, NonceBytes);

    internal ReadOnlySpan<byte> Tag => bytes.AsSpan(HeaderBytes + NonceBytes, TagBytes);

    internal ReadOnlySpan<byte> Ciphertext => bytes.AsSpan(Overhead);

    /// <summary>Takes what a column holds.</summary>
    /// <exception cref="CryptographicException">It has not the form of a sealed value.</exception>
    public static SealedText FromBytes(byte[] column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.Length < Overhead || column[0] != Version || !Enum.IsDefined((SealedFor)column[1]))
            throw new CryptographicException("A sealed column does not hold a sealed value.");
        return new SealedText((byte[])column.Clone());
    }

    /// <summary>What the column holds, for set-wise SQL.</summary>
    public byte[] ToBytes() => (byte[])bytes.Clone();

    internal static SealedText Adopt(byte[] sealedBytes) => new(sealedBytes);

    internal static void WriteHeader(Span<byte> destination, SealedFor owner, Guid id)
    {
        destination[0] = Version;
        destination[1] = (byte)owner;
        _ = id.TryWriteBytes(destination[2..], bigEndian: true, out _);
    }

    /// <summary>The same bytes; two seals of one text are never equal.</summary>
    public bool Equals(SealedText? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SealedText);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "sealed";
}

/// <summary>Stores a sealed value as the bytes it is. It neither seals nor unseals.</summary>
public sealed class SealedTextColumn : ValueConverter<SealedText, byte[]>
{
    /// <summary>Used by EF's model configuration.</summary>
    public SealedTextColumn()
        : base(value => value.ToBytes(), column => SealedText.FromBytes(column)) { }
}
