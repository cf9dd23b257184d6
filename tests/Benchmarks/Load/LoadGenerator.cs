using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace WpAsis.Benchmarks.Load;

/// <summary>
/// Keep-alive connections over bare sockets, one request at a time on each: the generator must cost less than what it measures.
/// </summary>
internal static class LoadGenerator
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public static async Task<LoadResult> RunAsync(
        Uri target,
        WebhookMaker maker,
        int connections,
        TimeSpan duration,
        long most = long.MaxValue
    )
    {
        var latencies = new ConcurrentBag<List<double>>();
        var statuses = new ConcurrentDictionary<int, int>();
        var started = Stopwatch.GetTimestamp();
        var left = most;
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var mine = new List<double>(16_384);
                        latencies.Add(mine);
                        using var connection = await Connection.OpenAsync(target);
                        while (Stopwatch.GetElapsedTime(started) < duration && Interlocked.Decrement(ref left) >= 0)
                        {
                            var request = maker.Next(target.Authority, target.AbsolutePath);
                            var at = Stopwatch.GetTimestamp();
                            var status = await connection.SendAsync(request);
                            mine.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
                        }
                    })
                )
        );
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new LoadResult(elapsed, [.. latencies.SelectMany(list => list).Order()], statuses.ToDictionary());
    }

    private sealed class Connection(Socket socket) : IDisposable
    {
        private readonly byte[] _buffer = new byte[8_192];

        public static async Task<Connection> OpenAsync(Uri target)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(target.Host, target.Port);
            return new Connection(socket);
        }

        public async Task<int> SendAsync(byte[] request)
        {
            using var limit = new CancellationTokenSource(AnswerLimit);
            for (var sent = 0; sent < request.Length; )
                sent += await socket.SendAsync(request.AsMemory(sent), limit.Token);
            var filled = 0;
            while (true)
            {
                var read = await socket.ReceiveAsync(_buffer.AsMemory(filled), limit.Token);
                if (read == 0)
                    throw new IOException("The server closed the connection.");
                filled += read;
                var head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                if (head >= 0 && filled >= head + 4 + ContentLength(_buffer.AsSpan(0, head)))
                    return ((_buffer[9] - '0') * 100) + ((_buffer[10] - '0') * 10) + (_buffer[11] - '0');
            }
        }

        public void Dispose() => socket.Dispose();

        private static int ContentLength(ReadOnlySpan<byte> head)
        {
            var at = head.IndexOf("Content-Length: "u8);
            if (at < 0)
                return 0;
            var length = 0;
            for (var i = at + 16; i < head.Length && head[i] is >= (byte)'0' and <= (byte)'9'; i++)
                length = (length * 10) + (head[i] - '0');
            return length;
        }
    }
}

internal sealed record LoadResult(TimeSpan Elapsed, double[] Latencies, IReadOnlyDictionary<int, int> Statuses)
{
    public int Acknowledged => Statuses.GetValueOrDefault(200);

    public double PerSecond => Acknowledged / Elapsed.TotalSeconds;

    public double Percentile(double share) =>
        Latencies.Length == 0 ? 0 : Latencies[(int)Math.Min(Latencies.Length - 1, Latencies.Length * share)];
}
