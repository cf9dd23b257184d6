using System.Diagnostics;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>A Debian package and a file by which one sees that it is there.</summary>
/// <param name="Name">Name of the package.</param>
/// <param name="IsPresent">Looks for what we need of it.</param>
public sealed record DebianPackage(string Name, Func<bool> IsPresent)
{
    /// <summary>Debian's PostgreSQL.</summary>
    public static DebianPackage PostgreSql { get; } = new("postgresql", () => PostgresPrograms.Folder is not null);

    /// <summary>Debian's RabbitMQ, with Erlang.</summary>
    public static DebianPackage RabbitMq { get; } = new("rabbitmq-server", () => File.Exists(PrivateRabbit.Program));

    /// <summary>The browser of the browser tests.</summary>
    public static DebianPackage Chromium { get; } = new("chromium", () => File.Exists("/usr/bin/chromium"));

    /// <summary>Without it a page's emoji are boxes.</summary>
    public static DebianPackage Emoji { get; } =
        new("fonts-noto-color-emoji", () => File.Exists("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"));
}

/// <summary>Installs Debian packages that are missing, with their system services kept off: ours are private instances.</summary>
public static class DebianPackages
{
    // Several clones may do this at once, so the lock is one of the machine. A package starts its service unless policy-rc.d says no;
    // one that an administrator put there stays. With systemd the unit would come up with the next boot: it is disabled.
    private const string Script = """
        set -e
        exec 9</var/lib/dpkg
        flock 9
        made=
        trap 'test -z "$made" || rm -f /usr/sbin/policy-rc.d' EXIT
        trap 'exit 1' HUP INT TERM
        if [ ! -e /usr/sbin/policy-rc.d ]; then
            made=yes
            printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
            chmod 755 /usr/sbin/policy-rc.d
        fi
        export DEBIAN_FRONTEND=noninteractive
        install() { apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$@"; }
        install "$@" || { apt-get -q -o DPkg::Lock::Timeout=600 update; install "$@"; }
        if [ -d /run/systemd/system ]; then
            for package in "$@"; do
                case $package in postgresql | rabbitmq-server) systemctl disable "$package" || true ;; esac
            done
        fi
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Installs what is missing and says what it did; without the right to, the failure names the one line to run.</summary>
    /// <param name="packages">What is needed.</param>
    /// <param name="say">Receives a line for people.</param>
    /// <param name="stop">Gives up waiting.</param>
    public static async Task EnsureAsync(IReadOnlyList<DebianPackage> packages, Action<string> say, CancellationToken stop)
    {
        var missing = packages.Where(package => !package.IsPresent()).Select(package => package.Name).ToList();
        if (missing.Count == 0)
            return;

        var names = string.Join(' ', missing);
        if (!File.Exists("/usr/bin/apt-get"))
            throw new NativeFailedException($"Missing: {names}. This is no Debian system: install them your way and start again.");
        if (await FindRightAsync(stop) is not { } right)
            throw new NativeFailedException($"Missing: {names}. Run this line and start again:\n  sudo apt-get install -y {names}");

        say($"installing {names} from Debian");
        var arguments = right.Concat(["sh", "-c", Script, "install"]).Concat(missing).ToList();
        // Not ended early: an installation cut in the middle leaves the machine's packages broken.
        var result = await ShortProcess.RunAsync(arguments[0], arguments[1..], Limit, CancellationToken.None);
        if (result.ExitCode != 0 || packages.Any(package => !package.IsPresent()))
            throw new NativeFailedException($"Installing {names} failed:\n{result.Tail(20)}");
    }

    // No words before the command: we are root. Null: neither root nor allowed to become root.
    private static async Task<IReadOnlyList<string>?> FindRightAsync(CancellationToken stop)
    {
        if (Environment.IsPrivilegedProcess)
            return ["env"];
        if (!File.Exists("/usr/bin/sudo"))
            return null;
        var silent = await ShortProcess.RunAsync("sudo", ["-n", "true"], TimeSpan.FromSeconds(10), stop);
        if (silent.ExitCode == 0)
            return ["sudo", "-n"];
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            return null;
        // Asks for the password on the terminal, once; what follows finds it remembered.
        using var asking = Process.Start(new ProcessStartInfo("sudo", ["-v"]) { UseShellExecute = false });
        if (asking is null)
            return null;
        await asking.WaitForExitAsync(stop);
        return asking.ExitCode == 0 ? ["sudo", "-n"] : null;
    }
}
