using System.Buffers;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>A body in a borrowed buffer. It holds what people said, so it is wiped before it is given back.</summary>
internal sealed class PooledBody(byte[] buffer, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    public int Length { get; } = length;

    public ReadOnlyMemory<byte> Memory => Buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => Buffer.AsSpan(0, Length);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PooledBody));

    /// <summary>A copy of bytes that were opened elsewhere.</summary>
    public static PooledBody Of(byte[] bytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(buffer, 0);
        return new PooledBody(buffer, bytes.Length);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is not { } buffer)
            return;
        buffer.AsSpan(0, Length).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
    }
}

/// <summary>Reads a request's body as it is.</summary>
internal static class ReadBody
{
    /// <summary>Meta sends 3 MB at most.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int FirstGuess = 16 * 1024;

    /// <summary>The bytes; null when there are too many.</summary>
    public static async ValueTask<PooledBody?> RunAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
            return null;
        // One byte more than announced, so that the end is seen without growing.
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstGuess) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    return new PooledBody(Taken(ref buffer), length);
                length += read;
                if (length > MaxBytes)
                    return null;
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MaxBytes + 1));
        buffer.CopyTo(larger, 0);
        Return(buffer);
        return larger;
    }

    private static byte[] Taken(ref byte[] buffer)
    {
        var taken = buffer;
        buffer = [];
        return taken;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}
