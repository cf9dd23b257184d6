using System.Security.Cryptography;

namespace WpAsis.Privacy.Sealing;

/// <summary>
/// Random nonces out of the system's generator, drawn many at a time: one call to it costs more than to seal a message.
/// </summary>
internal static class Nonces
{
    private const int DrawnBytes = 4 * 1024;

    [ThreadStatic]
    private static byte[]? drawn;

    [ThreadStatic]
    private static int left;

    /// <summary>Fills a nonce with bytes that are given to nobody else.</summary>
    public static void Fill(Span<byte> nonce)
    {
        var bytes = drawn ??= new byte[DrawnBytes];
        if (left < nonce.Length)
        {
            RandomNumberGenerator.Fill(bytes);
            left = bytes.Length;
        }
        left -= nonce.Length;
        bytes.AsSpan(left, nonce.Length).CopyTo(nonce);
    }
}
