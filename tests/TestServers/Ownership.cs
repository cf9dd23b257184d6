using System.Globalization;
using System.Text;

namespace WpAsis.TestServers;

/// <summary>
/// Names of databases and virtual hosts say whose they are: <c>billing_tests_p4711_3</c>. What a process left behind that no longer runs
/// is dropped by the next one of its project.
/// </summary>
internal static class Ownership
{
    private static int s_count;

    public static string NewName(string project) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix(project)}{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}");

    /// <summary>Names of the project whose process is gone.</summary>
    public static IReadOnlyList<string> FindAbandoned(string project, IEnumerable<string> names)
    {
        var prefix = Prefix(project);
        return [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && IsAbandoned(name[prefix.Length..]))];
    }

    private static bool IsAbandoned(string rest)
    {
        if (!int.TryParse(rest.Split('_')[0], CultureInfo.InvariantCulture, out var process))
            return false;
        return process != Environment.ProcessId && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"));
    }

    private static string Prefix(string project)
    {
        var name = new StringBuilder();
        foreach (var letter in project.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.'))
            name.Append(letter is '.' ? '_' : char.ToLowerInvariant(letter));
        // PostgreSQL cuts names at 63 bytes.
        return name.ToString(0, Math.Min(name.Length, 40)) + "_p";
    }
}
