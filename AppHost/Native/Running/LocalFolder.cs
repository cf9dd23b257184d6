namespace WpAsis.AppHost.Native.Running;

/// <summary>Housekeeping of the folder in which a system lives.</summary>
internal static class LocalFolder
{
    // Policy P4 promises that system logs live ninety days; the servers' own files are held to it too.
    private static readonly TimeSpan LogLife = TimeSpan.FromDays(90);

    /// <summary>Empties it. The lock stays, because we hold it; test servers have a life of their own.</summary>
    public static void Reset(string folder)
    {
        string[] kept = ["native.lock", "native.pid", "test"];
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (kept.Contains(entry.Name, StringComparer.Ordinal))
                continue;
            if (entry is DirectoryInfo directory)
                directory.Delete(recursive: true);
            else
                entry.Delete();
        }
    }

    /// <summary>Deletes log files of PostgreSQL and RabbitMQ that have not been written to for ninety days, now and every day.</summary>
    public static async Task PurgeLogsAsync(string logs, TimeProvider clock, CancellationToken stop)
    {
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), clock);
        try
        {
            do
            {
                var oldest = clock.GetUtcNow() - LogLife;
                foreach (var file in new DirectoryInfo(logs).EnumerateFiles("*.log*", SearchOption.AllDirectories))
                {
                    if (file.LastWriteTimeUtc < oldest.UtcDateTime)
                        file.Delete();
                }
            } while (await daily.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The system stops.
        }
    }
}
