using System.Buffers.Binary;

namespace WpAsis.Sandbox.Graph;

/// <summary>A silent voice note: Opus in Ogg, playable, made from the codec's own silence frame of 20 ms.</summary>
internal static class VoiceNote
{
    private const int Serial = 0x57704173;
    private static readonly byte[] SilentFrame = [0xf8, 0xff, 0xfe];

    public static byte[] Silence(int seconds)
    {
        using var ogg = new MemoryStream();
        byte[] head = [.. "OpusHead"u8, 1, 1, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0];
        byte[] tags = [.. "OpusTags"u8, 7, 0, 0, 0, .. "sandbox"u8, 0, 0, 0, 0];
        Page(ogg, 0, flags: 2, granule: 0, [head]);
        Page(ogg, 1, flags: 0, granule: 0, [tags]);
        var frames = seconds * 50;
        for (int done = 0, page = 2; done < frames; page++)
        {
            var count = Math.Min(50, frames - done);
            done += count;
            Page(ogg, page, flags: done == frames ? (byte)4 : (byte)0, granule: done * 960L, [.. Enumerable.Repeat(SilentFrame, count)]);
        }
        return ogg.ToArray();
    }

    private static void Page(MemoryStream ogg, int sequence, byte flags, long granule, IReadOnlyList<byte[]> packets)
    {
        var page = new byte[27 + packets.Count + packets.Sum(packet => packet.Length)];
        "OggS"u8.CopyTo(page);
        page[5] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(14), Serial);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), sequence);
        page[26] = (byte)packets.Count;
        var at = 27 + packets.Count;
        for (var i = 0; i < packets.Count; i++)
        {
            page[27 + i] = (byte)packets[i].Length;
            packets[i].CopyTo(page, at);
            at += packets[i].Length;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), Crc(page));
        ogg.Write(page);
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = 0;
        foreach (var value in bytes)
        {
            crc ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
        }
        return crc;
    }
}
