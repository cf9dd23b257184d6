using System.Globalization;

namespace WpAsis.Benchmarks.Measure;

/// <summary>Resident memory of a process in MiB: the most it ever had, and now.</summary>
internal sealed record MemoryMeter(double Peak, double Now)
{
    public static MemoryMeter Read(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status");
        return new(MiB(lines, "VmHWM:"), MiB(lines, "VmRSS:"));
    }

    private static double MiB(string[] lines, string name)
    {
        var line = Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal)) ?? "";
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 2 ? double.NaN : double.Parse(fields[1], CultureInfo.InvariantCulture) / 1_024;
    }
}
