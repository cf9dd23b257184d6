using System.Diagnostics;
using System.Globalization;

namespace WpAsis.AppHost.Native.Processes;

/// <summary>How to start a program.</summary>
/// <param name="Name">Its speaker in the merged output.</param>
/// <param name="Program">The built program (a .dll).</param>
/// <param name="Folder">Where it runs.</param>
/// <param name="Environment">Its whole environment.</param>
public sealed record ProgramStart(string Name, string Program, string Folder, IReadOnlyDictionary<string, string> Environment);

/// <summary>A program that is started again when it ends by itself, after a pause that grows while it keeps ending.</summary>
public sealed class SupervisedProcess(ProgramStart start, ProcessTable table, MergedOutput output, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(60);
    private static readonly string Host = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile ProcessRecord? _current;

    /// <summary>What it is called.</summary>
    public string Name => start.Name;

    /// <summary>The process that runs now; null between two.</summary>
    public ProcessRecord? Current => _current;

    /// <summary>Starts it, also after it was stopped.</summary>
    public void Start()
    {
        if (!_running.IsCompleted)
            return;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _running = SuperviseAsync(_stop.Token);
    }

    /// <summary>Asks it to end and waits; past the limit it is ended at once. It stays down.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        await _stop.CancelAsync();
        if (_current is { } process)
        {
            process.AskToEnd();
            if (!await process.WaitForEndAsync(limit, clock))
                output.Say($"{Name} did not end within {limit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s and was killed");
        }
        await _running;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private async Task SuperviseAsync(CancellationToken stop)
    {
        // Off the caller's thread from the start: launching reads and writes files.
        await Task.Yield();
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            var code = await RunAsync();
            if (stop.IsCancellationRequested)
                return;
            if (clock.GetElapsedTime(began) > Settled)
                pause = FirstPause;
            var seconds = pause.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            output.Say($"{Name} ended with code {code.ToString(CultureInfo.InvariantCulture)}; it is started again in {seconds} s");
            try
            {
                await Task.Delay(pause, clock, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<int> RunAsync()
    {
        // A session of its own: Ctrl+C in the terminal reaches us alone, and we end the services before their servers.
        var info = new ProcessStartInfo("setsid", [Host, "exec", start.Program])
        {
            UseShellExecute = false,
            WorkingDirectory = start.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;

        using var process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.Start();
        process.StandardInput.Close();
        _current = ProcessRecord.Find(Name, process.Id);
        if (_current is not null)
            table.Add(_current);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Asked to stop between two lives: the one who asked saw nobody to end.
        if (_stop.IsCancellationRequested)
            _current?.AskToEnd();
        await process.WaitForExitAsync(CancellationToken.None);
        _current = null;
        return process.ExitCode;
    }

    private void Write(string? line)
    {
        if (line is not null)
            output.Write(Name, line);
    }
}
