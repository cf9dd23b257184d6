using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Privacy.Sealing;

/// <summary>
/// Finds a sealed value by a keyed hash of its normalized form. Peppers differ per service and column and never lie in a
/// database: phone numbers are few enough to try them all, so without the ring the hashes must say nothing, and hashes of
/// two services must not match.
/// </summary>
public sealed class BlindIndex(FileKeyRing ring, string service)
{
    /// <summary>Length of a hash.</summary>
    public const int HashBytes = 32;

    private const int PepperBytes = 32;
    private const byte Anyone = 0;
    private const byte OfOneTenant = 1;
    private const int PrefixBytes = 1 + 16 + sizeof(ushort);
    private readonly ConcurrentDictionary<string, KeyedHash> peppers = new(StringComparer.Ordinal);
    private readonly byte[] serviceName = Encoding.UTF8.GetBytes(service);

    /// <summary>The hash of a value wherever it occurs in this service's column.</summary>
    /// <param name="column">Names the pepper: lower-case letters, digits, <c>-</c>, <c>_</c>, <c>.</c>.</param>
    /// <param name="normalized">The value's normalized form.</param>
    public byte[] Of(string column, string normalized) => Hash(column, Anyone, Guid.Empty, normalized);

    /// <summary>The hash of a value as one customer knows it: another customer's hash of it is different.</summary>
    public byte[] OfTenant(string column, TenantId tenant, string normalized) => Hash(column, OfOneTenant, tenant.Value, normalized);

    private byte[] Hash(string column, byte scope, Guid tenant, string normalized)
    {
        if (!peppers.TryGetValue(column, out var pepper))
            pepper = peppers.GetOrAdd(column, new KeyedHash(ring.GetOrCreate($"pepper-{column}", PepperBytes)));
        var most = PrefixBytes + serviceName.Length + Encoding.UTF8.GetMaxByteCount(normalized.Length);
        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            rented[0] = scope;
            _ = tenant.TryWriteBytes(rented.AsSpan(1), bigEndian: true, out _);
            BinaryPrimitives.WriteUInt16BigEndian(rented.AsSpan(17), (ushort)serviceName.Length);
            serviceName.CopyTo(rented, PrefixBytes);
            var length = PrefixBytes + serviceName.Length;
            length += Encoding.UTF8.GetBytes(normalized, rented.AsSpan(length));
            var hash = new byte[HashBytes];
            pepper.Hash(rented.AsSpan(0, length), hash);
            return hash;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
