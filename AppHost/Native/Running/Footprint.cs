using System.Globalization;
using System.Text;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Running;

/// <summary>What each process costs: seconds until it was healthy, and memory, its children's included.</summary>
internal static class Footprint
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * 1024;

    /// <summary>A line for each process. Memory that several share is divided among them (the kernel's Pss).</summary>
    /// <param name="processes">Those that run.</param>
    /// <param name="healthyAfter">By name, from the start of the process; servers are not in it.</param>
    public static string Describe(IEnumerable<ProcessRecord> processes, IReadOnlyDictionary<string, TimeSpan> healthyAfter)
    {
        var parents = Parents();
        var text = new StringBuilder("what each process took: seconds until healthy, MiB of memory now");
        foreach (var process in processes)
        {
            var seconds = healthyAfter.TryGetValue(process.Name, out var took)
                ? took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)
                : "";
            var memory = Family(process.Id, parents).Sum(MemoryOf) / Megabyte;
            text.Append(CultureInfo.InvariantCulture, $"\n          {process.Name, -24} {seconds, 5} {memory, 6}");
        }
        return text.ToString();
    }

    private static IEnumerable<int> Family(int id, ILookup<int, int> parents) =>
        parents[id].SelectMany(child => Family(child, parents)).Prepend(id);

    // Children by parent.
    private static ILookup<int, int> Parents() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Parent: Field($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/status", "PPid:")))
            .ToLookup(process => (int)process.Parent, process => process.Id);

    private static long MemoryOf(int id) => Field($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/smaps_rollup", "Pss:") * Kilobyte;

    // 0 for a process that has ended meanwhile.
    private static long Field(string file, string name)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
