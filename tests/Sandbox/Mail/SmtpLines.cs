using System.Text;

namespace WpAsis.Sandbox.Mail;

/// <summary>Reads SMTP's lines with a limit on their length and on the time between them.</summary>
internal sealed class SmtpLines(Stream stream)
{
    private const int LongestLine = 64 * 1024;
    private static readonly byte[] NewLine = [(byte)'\r', (byte)'\n'];
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>A command line without its end; null when the client went away.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken) =>
        await ReadLineAsync(cancellationToken) is { } line ? Encoding.UTF8.GetString(line) : null;

    /// <summary>Everything up to the lone dot, unstuffed; null when it was too big (it is read to its end all the same).</summary>
    public async Task<byte[]?> ReadDataAsync(int mostBytes, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream();
        var tooBig = false;
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken) ?? throw new IOException("The client left in the middle of a mail.");
            if (line is [(byte)'.'])
                return tooBig ? null : data.ToArray();
            var from = line is [(byte)'.', ..] ? 1 : 0;
            tooBig |= data.Length + line.Length > mostBytes;
            if (tooBig)
                continue;
            await data.WriteAsync(line.AsMemory(from), cancellationToken);
            await data.WriteAsync(NewLine, cancellationToken);
        }
    }

    private async Task<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
                return null;
            var newline = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            var stop = newline < 0 ? _end : newline;
            await line.WriteAsync(_buffer.AsMemory(_start, stop - _start), cancellationToken);
            _start = newline < 0 ? _end : newline + 1;
            if (line.Length > LongestLine)
                throw new IOException("A line is too long.");
            if (newline < 0)
                continue;
            var bytes = line.ToArray();
            return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(Idle);
        _start = 0;
        _end = await stream.ReadAsync(_buffer, idle.Token);
        return _end > 0;
    }
}
