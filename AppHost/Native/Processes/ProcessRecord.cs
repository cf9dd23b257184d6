using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace WpAsis.AppHost.Native.Processes;

/// <summary>
/// A process that can be found again by somebody else, also after its starter died. The kernel reuses process ids; an id together with the
/// moment of its start and the boot it belongs to is never used twice.
/// </summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Id">Process id.</param>
/// <param name="StartTicks">Kernel clock ticks from boot to its start.</param>
/// <param name="Boot">Id of the boot.</param>
public sealed record ProcessRecord(string Name, int Id, long StartTicks, string Boot)
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether this very process still runs.</summary>
    [JsonIgnore]
    public bool IsAlive => Boot == CurrentBoot() && ReadStartTicks(Id) == StartTicks;

    /// <summary>Describes a running process; null when it is gone already.</summary>
    public static ProcessRecord? Find(string name, int id) => ReadStartTicks(id) is { } ticks ? new(name, id, ticks, CurrentBoot()) : null;

    /// <summary>Asks it to end: SIGTERM.</summary>
    public void AskToEnd() => Send(Id, Terminate);

    /// <summary>Presses Ctrl+C on it: SIGINT. PostgreSQL takes it as a fast shutdown, which does not wait for its clients.</summary>
    public void Press() => Send(Id, Interrupt);

    /// <summary>Ends it and the process group it leads, at once: SIGKILL.</summary>
    public void EndNow()
    {
        Send(-Id, Kill);
        Send(Id, Kill);
    }

    /// <summary>Waits for its end; past the limit it is ended at once.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> WaitForEndAsync(TimeSpan limit, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        while (IsAlive && clock.GetElapsedTime(began) < limit)
            await Task.Delay(Pause, clock, CancellationToken.None);
        if (!IsAlive)
            return true;

        EndNow();
        for (var rounds = 0; IsAlive && rounds < 40; rounds++)
            await Task.Delay(Pause, clock, CancellationToken.None);
        return false;
    }

    private void Send(int target, int signal)
    {
        // Also guards the process group: its leader lives as long as the record does.
        if (IsAlive)
            _ = Libc.Kill(target, signal);
    }

    private static string CurrentBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private static long? ReadStartTicks(int id)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        // The second field, the program's name in brackets, may hold spaces and brackets: count from its end. Z and X are dead.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }
}

/// <summary>The two calls that .NET has no words for.</summary>
internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Kill(int id, int signal);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);
}
