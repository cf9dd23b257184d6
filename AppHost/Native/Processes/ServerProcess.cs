using System.Diagnostics;

namespace WpAsis.AppHost.Native.Processes;

/// <summary>Starts a server that outlives us if it must: a session of its own, output to a file, no terminal.</summary>
internal static class ServerProcess
{
    // A session of its own, because Ctrl+C reaches everybody in the terminal's group and servers end after their clients.
    // No core file: it would hold memory in clear.
    private const string Script = """log=$1; shift; ulimit -c 0; exec "$@" >>"$log" 2>&1 </dev/null""";

    public static ProcessRecord Start(
        string name,
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        string log,
        ProcessTable table
    )
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script, "server", log, .. command]) { WorkingDirectory = folder };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        // Disposing lets go of the handle, not of the process; the runtime still reaps it.
        using var process = Process.Start(start) ?? throw new NativeFailedException($"{name} did not start.");
        var record = ProcessRecord.Find(name, process.Id) ?? throw new NativeFailedException($"{name} ended at once; see {log}.");
        table.Add(record);
        return record;
    }

    /// <summary>Waits until the server answers, or says why it never will.</summary>
    public static async Task WaitUntilAsync(
        ProcessRecord process,
        Func<Task<bool>> answers,
        TimeSpan limit,
        string log,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var began = clock.GetTimestamp();
        while (!await answers())
        {
            if (!process.IsAlive)
                throw new NativeFailedException($"{process.Name} ended while starting:\n{Tail(log)}");
            if (clock.GetElapsedTime(began) > limit)
                throw new NativeFailedException($"{process.Name} did not answer within {limit.TotalSeconds:0} s:\n{Tail(log)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, stop);
        }
    }

    private static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "(no output)";
}
