using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace WpAsis.Sandbox.Graph;

/// <summary>Draws a small evening landscape as PNG, so that no picture of anybody lies in the repository.</summary>
internal static class SmallPicture
{
    private const int Width = 320;
    private const int Height = 200;

    public static byte[] Draw()
    {
        var rows = new byte[Height * (1 + (Width * 3))];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var at = (y * (1 + (Width * 3))) + 1 + (x * 3);
                var (red, green, blue) = Colour(x, y);
                rows[at] = red;
                rows[at + 1] = green;
                rows[at + 2] = blue;
            }
        }
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(rows);
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8;
        header[9] = 2;
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", packed.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static (byte Red, byte Green, byte Blue) Colour(int x, int y)
    {
        var sun = ((x - 230) * (x - 230)) + ((y - 70) * (y - 70)) < 26 * 26;
        var far = 130 + (18 * Math.Sin(x / 41.0)) + (9 * Math.Sin(x / 17.0));
        var near = 160 + (14 * Math.Sin((x + 60) / 57.0));
        if (y > near)
            return (27, 84, 77);
        if (y > far)
            return (58, 124, 112);
        return sun ? ((byte)255, (byte)236, (byte)179) : ((byte)(240 - (y / 3)), (byte)(170 + (y / 4)), (byte)(140 + (y / 3)));
    }

    private static void Chunk(MemoryStream png, string name, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(name, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        png.Write(chunk);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }
}
