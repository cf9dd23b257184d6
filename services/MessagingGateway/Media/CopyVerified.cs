using System.Buffers;
using System.Security.Cryptography;

namespace WpAsis.MessagingGateway.Media;

/// <summary>
/// Passes a file on while it arrives, and holds its last piece back until the hash of the whole agrees:
/// a file that was changed on its way never arrives completely.
/// </summary>
internal static class CopyVerified
{
    private const int Piece = 64 * 1024;

    /// <summary>Copies; false when it was too large or not the file that was promised. Then the target must be cut off.</summary>
    public static async Task<bool> RunAsync(
        Stream source,
        Stream target,
        IReadOnlyList<byte[]> accepted,
        long most,
        CancellationToken cancellationToken
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (held, next) = (ArrayPool<byte>.Shared.Rent(Piece), ArrayPool<byte>.Shared.Rent(Piece));
        try
        {
            var heldLength = 0;
            for (var total = 0L; ; )
            {
                var read = await source.ReadAsync(next.AsMemory(0, Piece), cancellationToken);
                total += read;
                if (total > most)
                    return false;
                if (read == 0)
                    break;
                hash.AppendData(next, 0, read);
                await target.WriteAsync(held.AsMemory(0, heldLength), cancellationToken);
                (held, next, heldLength) = (next, held, read);
            }
            var actual = hash.GetHashAndReset();
            if (accepted.Count > 0 && !accepted.Any(expected => actual.AsSpan().SequenceEqual(expected)))
                return false;
            await target.WriteAsync(held.AsMemory(0, heldLength), cancellationToken);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(held, clearArray: true);
            ArrayPool<byte>.Shared.Return(next, clearArray: true);
        }
    }

    /// <summary>Reads a SHA-256 as Meta writes it: hexadecimal here, base64 there.</summary>
    public static byte[]? ParseHash(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);
        var bytes = new byte[48];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == SHA256.HashSizeInBytes ? bytes[..written] : null;
    }
}
