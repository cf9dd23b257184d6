using System.Globalization;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>Debian's PostgreSQL programs, and how to run them: they refuse to run as root.</summary>
internal sealed record PostgresPrograms(string Bin, IReadOnlyList<string> Prefix, string? OwnedBy)
{
    private const string Root = "/usr/lib/postgresql";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Folder of the newest installed version, or null.</summary>
    public static string? Folder =>
        !Directory.Exists(Root)
            ? null
            : Directory
                .EnumerateDirectories(Root)
                .Where(folder => File.Exists(Path.Combine(folder, "bin", "postgres")))
                .MaxBy(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0);

    public string Program(string name) => Path.Combine(Bin, name);

    public static async Task<PostgresPrograms> FindAsync(CancellationToken stop)
    {
        var bin = Path.Combine(Folder ?? throw new NativeFailedException("PostgreSQL is not installed."), "bin");
        if (!Environment.IsPrivilegedProcess)
            return new(bin, [], OwnedBy: null);

        // A user namespace in which root has another number: works in any folder and leaves the files root's.
        string[] mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];
        var trial = await ShortProcess.RunAsync(mapped[0], [.. mapped[1..], "true"], TimeSpan.FromSeconds(10), stop);
        if (trial.ExitCode == 0)
            return new(bin, mapped, OwnedBy: null);
        return new(bin, ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"], OwnedBy: "postgres");
    }

    /// <summary>Runs a program of PostgreSQL to its end.</summary>
    public async Task RunAsync(string name, IReadOnlyList<string> arguments, string folder, CancellationToken stop)
    {
        List<string> command = [.. Prefix, Program(name), .. arguments];
        var result = await ShortProcess.RunAsync(command[0], command[1..], Limit, stop, folder: folder);
        if (result.ExitCode == 0)
            return;
        var hint =
            OwnedBy is null || !result.Output.Contains("Permission denied", StringComparison.Ordinal)
                ? ""
                : $"\nUser namespaces are off, so PostgreSQL runs as '{OwnedBy}', who cannot enter this folder: clone elsewhere.";
        throw new NativeFailedException($"{name} failed:\n{result.Tail(10)}{hint}");
    }

    /// <summary>Hands files over to the user PostgreSQL runs as, where that is another one.</summary>
    public async Task OwnAsync(string path, CancellationToken stop)
    {
        if (OwnedBy is not null)
            await ShortProcess.RunAsync("chown", ["-R", $"{OwnedBy}:", path], Limit, stop);
    }
}
