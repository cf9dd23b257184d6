using System.Text.Json;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Processes;

/// <summary>
/// Names on disk every process that was started, from its first moment. Who is killed cannot tidy up: the next one does, by this list.
/// </summary>
/// <param name="path">The file.</param>
public sealed class ProcessTable(string path)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(8);
    private readonly Lock _gate = new();
    private readonly List<ProcessRecord> _processes = [];

    /// <summary>Remembers a process; forgets those that have ended.</summary>
    public void Add(ProcessRecord process)
    {
        lock (_gate)
        {
            _processes.RemoveAll(known => !known.IsAlive);
            _processes.Add(process);
            PrivateFolder.Write(path, JsonSerializer.Serialize(_processes));
        }
    }

    /// <summary>Forgets everything: all have ended in order.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _processes.Clear();
            File.Delete(path);
        }
    }

    /// <summary>Ends what an earlier holder of the list left running.</summary>
    /// <returns>What was found and ended.</returns>
    public async Task<IReadOnlyList<ProcessRecord>> EndLeftoversAsync(TimeProvider clock)
    {
        var left = Read().Where(process => process.IsAlive).ToList();
        foreach (var process in left)
        {
            if (process.Name == PrivatePostgres.ProcessName)
                process.Press();
            else
                process.AskToEnd();
        }
        await Task.WhenAll(left.Select(process => process.WaitForEndAsync(EndLimit, clock)));
        File.Delete(path);
        return left;
    }

    private List<ProcessRecord> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<List<ProcessRecord>>(File.ReadAllText(path)) ?? [];
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return [];
        }
    }
}
