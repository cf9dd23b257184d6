using System.Text;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Privacy.Vault;

/// <summary>A person's new key, ready for an insert that makes many at once.</summary>
/// <param name="Subject">The person.</param>
/// <param name="Wrapped">Column <c>wrapped</c>.</param>
/// <param name="KekEpoch">Column <c>kek_epoch</c>.</param>
/// <param name="Key">The key, to seal the person's first values with.</param>
public sealed record WrappedKey(DataSubjectId Subject, byte[] Wrapped, int KekEpoch, DataKey Key);

/// <summary>The person was erased: nothing is sealed or opened for them any more.</summary>
public sealed class SubjectErasedException(DataSubjectId subject) : Exception($"{subject} is erased.")
{
    /// <summary>Who.</summary>
    public DataSubjectId Subject { get; } = subject;
}

/// <summary>The customer was erased.</summary>
public sealed class TenantErasedException(TenantId tenant) : Exception($"{tenant} is erased.")
{
    /// <summary>Who.</summary>
    public TenantId Tenant { get; } = tenant;
}

internal static class KeyOwner
{
    /// <summary>What a wrapped key is bound to: service, kind of owner, owner.</summary>
    public static byte[] Bytes(string service, SealedFor owner, Guid id)
    {
        var names = Encoding.UTF8.GetBytes($"{service}\0{(owner is SealedFor.Subject ? "subject" : "tenant")}\0");
        var bytes = new byte[names.Length + 16];
        names.CopyTo(bytes, 0);
        _ = id.TryWriteBytes(bytes.AsSpan(names.Length), bigEndian: true, out _);
        return bytes;
    }

    public static DataKey Unwrap(this FileKeyRing ring, string service, SealedFor owner, Guid id, byte[] wrapped, int kekEpoch) =>
        new(owner, id, ring.Kek(kekEpoch).Unwrap(wrapped, Bytes(service, owner, id)));
}
