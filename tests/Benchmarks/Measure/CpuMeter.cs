using System.Globalization;

namespace WpAsis.Benchmarks.Measure;

/// <summary>CPU seconds of process trees and of the whole machine, from /proc.</summary>
internal static class CpuMeter
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static CpuReading Read(IEnumerable<int> roots)
    {
        var processes = ReadAll();
        var trees = roots.Select(root => TreeSeconds(processes, root)).ToArray();
        // Alone: the trees asked for are its children.
        return new CpuReading(trees, processes[Environment.ProcessId].Own, MachineBusySeconds());
    }

    private static double TreeSeconds(Dictionary<int, Row> processes, int root)
    {
        var total = 0.0;
        var waiting = new Stack<int>([root]);
        while (waiting.TryPop(out var id))
        {
            if (!processes.TryGetValue(id, out var row))
                continue;
            total += row.Seconds;
            foreach (var child in processes.Where(process => process.Value.Parent == id))
                waiting.Push(child.Key);
        }
        return total;
    }

    private static Dictionary<int, Row> ReadAll()
    {
        var rows = new Dictionary<int, Row>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                // utime, stime and those of reaped children (a PostgreSQL backend that has ended counts with its postmaster).
                var ticks = fields.Skip(11).Take(4).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
                var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
                rows[id] = new Row(parent, ticks.Sum() / TicksPerSecond, ticks.Take(2).Sum() / TicksPerSecond);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        return rows;
    }

    private static double MachineBusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = fields.Skip(1).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Take(8).Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }

    private sealed record Row(int Parent, double Seconds, double Own);
}

/// <summary>CPU seconds: of each tree asked for, of this process, of the machine.</summary>
internal sealed record CpuReading(double[] Trees, double Own, double Machine)
{
    public static CpuReading operator -(CpuReading after, CpuReading before) =>
        new([.. after.Trees.Zip(before.Trees, (a, b) => Math.Max(0, a - b))], after.Own - before.Own, after.Machine - before.Machine);
}
