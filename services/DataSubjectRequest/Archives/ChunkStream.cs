namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>
/// Takes what is written in pieces of one size: an archive of any length needs the memory of two pieces. An entry's end is written
/// without waiting, whatever its closing is called; it is kept until the next write that may wait.
/// </summary>
internal sealed class ChunkStream(int size, Func<ReadOnlyMemory<byte>, CancellationToken, Task> write) : Stream
{
    private readonly Queue<byte[]> _full = new();
    private byte[] _piece = new byte[size];
    private int _filled;
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Take(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, size);
            Take(buffer.Span[..part]);
            await FlushAsync(cancellationToken);
            buffer = buffer[part..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes what is left.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        if (_filled > 0)
            await write(_piece.AsMemory(0, _filled), cancellationToken);
        _filled = 0;
    }

    public override void Flush() { }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (_full.TryDequeue(out var piece))
            await write(piece, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var part = Math.Min(bytes.Length, size - _filled);
            bytes[..part].CopyTo(_piece.AsSpan(_filled));
            bytes = bytes[part..];
            (_filled, _length) = (_filled + part, _length + part);
            if (_filled < size)
                return;
            _full.Enqueue(_piece);
            (_piece, _filled) = (new byte[size], 0);
        }
    }
}
