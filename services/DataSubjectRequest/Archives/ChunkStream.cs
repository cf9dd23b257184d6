namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>Takes what is written in pieces of one size: an archive of any length needs the memory of one piece.</summary>
internal sealed class ChunkStream(int size, Func<ReadOnlyMemory<byte>, CancellationToken, Task> write) : Stream
{
    private readonly byte[] _piece = new byte[size];
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

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, _piece.Length - _filled);
            buffer[..part].CopyTo(_piece.AsMemory(_filled));
            (_filled, _length, buffer) = (_filled + part, _length + part, buffer[part..]);
            if (_filled == _piece.Length)
                await EndPieceAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes what is left.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await EndPieceAsync(cancellationToken);
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A piece goes to the database, which is waited for.");

    private async Task EndPieceAsync(CancellationToken cancellationToken)
    {
        await write(_piece.AsMemory(0, _filled), cancellationToken);
        _filled = 0;
    }
}
