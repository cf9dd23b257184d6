using System.Diagnostics;

namespace WpAsis.AppHost.Native.Processes;

/// <summary>What a program that ended by itself left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Both its outputs, as far as they came.</param>
public sealed record ShortProcessResult(int ExitCode, string Output)
{
    /// <summary>The last lines, where the reason usually is.</summary>
    public string Tail(int lines) => string.Join('\n', Output.TrimEnd().Split('\n').TakeLast(lines));
}

/// <summary>Runs a program to its end, within a limit.</summary>
public static class ShortProcess
{
    /// <summary>Runs it; past the limit or when stopped it is killed with its children.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments, passed as they are.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="environment">Variables to add.</param>
    /// <param name="folder">Where it runs.</param>
    public static async Task<ShortProcessResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        TimeSpan limit,
        CancellationToken stop,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;

        var output = new System.Text.StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException cancelled)
        {
            process.Kill(entireProcessTree: true);
            stop.ThrowIfCancellationRequested();
            throw new NativeFailedException($"{Path.GetFileName(program)} took longer than {limit.TotalSeconds:0} s.", cancelled);
        }
        lock (output)
            return new ShortProcessResult(process.ExitCode, output.ToString());
    }

    private static void Append(System.Text.StringBuilder output, string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.Append(line).Append('\n');
    }
}
