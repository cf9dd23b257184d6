using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;
using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.Benchmarks.Servers;

/// <summary>What a rung has stored.</summary>
/// <param name="Rows">Message rows.</param>
/// <param name="Waiting">What is stored and still has work before it: bodies to be split, rows to be published.</param>
internal sealed record Stored(long Rows, long Waiting);

/// <summary>A server of the ladder as a process, and what it has stored.</summary>
internal sealed class RunningRung : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly ProcessRecord _record;
    private readonly TimeProvider _clock;
    private readonly NpgsqlConnection _look;
    private readonly string _rows;
    private readonly string? _waiting;

    private RunningRung(Process process, StreamWriter log, ProcessRecord record, NpgsqlConnection look, RungStart start, TimeProvider clock)
    {
        (_process, _log, _record, _look, _clock) = (process, log, record, look, clock);
        (_rows, _waiting) = (start.Rows, start.Waiting);
        Target = new Uri(start.Url, "/webhooks/whatsapp");
    }

    public Uri Target { get; }

    public int ProcessId => _record.Id;

    /// <summary>Where a rung will listen.</summary>
    public static Uri FreeUrl() => new UriBuilder("http", "127.0.0.1", FreePorts.Take(1)[0]).Uri;

    public static async Task<RunningRung> StartAsync(RungStart start, LadderServers servers, TimeProvider clock, CancellationToken stop)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // A session of its own: Ctrl+C reaches the ladder, which ends its rungs in order.
        var info = new ProcessStartInfo("setsid", [host, "exec", start.Program, .. start.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        var process = new Process { StartInfo = info };
        var log = new StreamWriter(Path.Combine(servers.Folder, $"{start.Name}.log")) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.Start();
        process.StandardInput.Close();
        var record = ProcessRecord.Find(start.Name, process.Id) ?? throw new NativeFailedException($"{start.Name} ended at once.");
        servers.Table.Add(record);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var settings = new NpgsqlConnectionStringBuilder(servers.Superuser) { Database = start.Database, Pooling = false };
        var rung = new RunningRung(process, log, record, new NpgsqlConnection(settings.ConnectionString), start, clock);
        try
        {
            await rung.WaitAsync(start, stop);
            await rung._look.OpenAsync(stop);
            return rung;
        }
        catch
        {
            await rung.DisposeAsync();
            throw;
        }
    }

    /// <summary>Message rows. It reads a whole table: not to be asked under load.</summary>
    public Task<long> CountRowsAsync(CancellationToken stop) => ReadAsync(_rows, stop);

    /// <summary>Whether nothing that was stored has work before it.</summary>
    public async Task<bool> IsDoneAsync(CancellationToken stop) => _waiting is null || await ReadAsync(_waiting, stop) == 0;

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync();
        _record.AskToEnd();
        await _record.WaitForEndAsync(StopLimit, _clock);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task<long> ReadAsync(string sql, CancellationToken stop)
    {
#pragma warning disable CA2100 // Texts of the ladder.
        await using var command = new NpgsqlCommand(sql, _look);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    private async Task WaitAsync(RungStart start, CancellationToken stop)
    {
        var began = _clock.GetTimestamp();
        while (true)
        {
            if (!_record.IsAlive)
                throw new NativeFailedException($"{start.Name} ended while starting; see {start.Name}.log below .local/benchmarks.");
            if (_clock.GetElapsedTime(began) > StartLimit)
                throw new NativeFailedException($"{start.Name} did not listen within {StartLimit.TotalSeconds:0} s.");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(start.Url.Host, start.Url.Port, stop);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, _clock, stop);
            }
        }
    }

    private static void Write(StreamWriter log, string? line)
    {
        if (line is null)
            return;
        lock (log)
            log.WriteLine(line);
    }
}

/// <summary>How a rung is started and asked.</summary>
internal sealed record RungStart(string Name, Uri Url, string Program, IReadOnlyList<string> Arguments, string Database)
{
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Counts message rows.</summary>
    public required string Rows { get; init; }

    /// <summary>Counts what is stored and not done; null where storing is all.</summary>
    public string? Waiting { get; init; }
}
