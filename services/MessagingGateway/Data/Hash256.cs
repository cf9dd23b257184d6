using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WpAsis.MessagingGateway.Data;

/// <summary>A keyed hash that can be compared and looked up.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Hash256(ulong A, ulong B, ulong C, ulong D)
{
    public static Hash256 Of(ReadOnlySpan<byte> bytes) =>
        new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..])
        );

    /// <summary>What a column holds.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), D);
        return bytes;
    }

    /// <summary>The order in which rows are inserted, so that two transactions never wait for each other in a circle.</summary>
    public static int Compare(Hash256 one, Hash256 other) => (one.A, one.B, one.C, one.D).CompareTo((other.A, other.B, other.C, other.D));
}
