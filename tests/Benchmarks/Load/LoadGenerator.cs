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

    // More than 100 POST/s ever keep busy, so that a slow answer delays nobody else's request.
    private const int PacedConnections = 32;

    /// <summary>As fast as the answers come.</summary>
    public static Task<LoadResult> RunAsync(Uri target, WebhookMaker maker, int connections, TimeSpan duration, CancellationToken stop) =>
        RunAsync(
            target,
            maker,
            connections,
            duration,
            started => Stopwatch.GetElapsedTime(started) < duration ? ValueTask.FromResult<long?>(Stopwatch.GetTimestamp()) : default,
            stop
        );

    /// <summary>
    /// So many POSTs a second and no more. Latency counts from the moment a request was due: a stalled server does not slow its clients.
    /// </summary>
    public static Task<LoadResult> RunPacedAsync(
        Uri target,
        WebhookMaker maker,
        int perSecond,
        TimeSpan duration,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var next = -1L;
        return RunAsync(target, maker, PacedConnections, duration, WaitAsync, stop);

        async ValueTask<long?> WaitAsync(long started)
        {
            var due = Interlocked.Increment(ref next) / (double)perSecond;
            if (due >= duration.TotalSeconds)
                return null;
            var left = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, clock, stop);
            // A timer is late by up to a tick of its own: that is not the server's.
            return Math.Max(Stopwatch.GetTimestamp() - (Stopwatch.Frequency / 500), started + (long)(due * Stopwatch.Frequency));
        }
    }

    private static async Task<LoadResult> RunAsync(
        Uri target,
        WebhookMaker maker,
        int connections,
        TimeSpan duration,
        Func<long, ValueTask<long?>> nextAsync,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(duration + AnswerLimit);
        var latencies = new ConcurrentBag<List<double>>();
        var statuses = new ConcurrentDictionary<int, int>();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(ConnectAsync, limit.Token)));
        return new LoadResult(Stopwatch.GetElapsedTime(started), [.. latencies.SelectMany(list => list).Order()], statuses);

        async Task ConnectAsync()
        {
            var mine = new List<double>(16_384);
            latencies.Add(mine);
            var request = maker.NewRequest(target);
            using var connection = await Connection.OpenAsync(target, limit.Token);
            while (await nextAsync(started) is { } at)
            {
                maker.Fill(request);
                var status = await connection.SendAsync(request.Bytes, limit.Token);
                mine.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            }
        }
    }

    private sealed class Connection(Socket socket) : IDisposable
    {
        private readonly byte[] _buffer = new byte[8_192];

        public static async Task<Connection> OpenAsync(Uri target, CancellationToken stop)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(target.Host, target.Port, stop);
            return new Connection(socket);
        }

        public async Task<int> SendAsync(byte[] request, CancellationToken stop)
        {
            for (var sent = 0; sent < request.Length; )
                sent += await socket.SendAsync(request.AsMemory(sent), stop);
            var filled = 0;
            while (true)
            {
                var read = await socket.ReceiveAsync(_buffer.AsMemory(filled), stop);
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

/// <summary>What came back, and how soon.</summary>
internal sealed record LoadResult(TimeSpan Elapsed, double[] Latencies, IReadOnlyDictionary<int, int> Statuses)
{
    public int Acknowledged => Statuses.GetValueOrDefault(200);

    public int Refused => Statuses.Where(status => status.Key != 200).Sum(status => status.Value);

    public double PerSecond => Acknowledged / Elapsed.TotalSeconds;

    public double Percentile(double share) =>
        Latencies.Length == 0 ? double.NaN : Latencies[(int)Math.Min(Latencies.Length - 1, Latencies.Length * share)];
}
