using WpAsis.AppHost.Native.Servers;

namespace WpAsis.TestServers;

/// <summary>Debian's browser for the browser tests.</summary>
public static class Chromium
{
    /// <summary>The program, for Playwright's ExecutablePath; as root it needs <c>--no-sandbox</c>.</summary>
    public const string Path = "/usr/bin/chromium";

    /// <summary>Installs the browser and a font with emoji where they are missing.</summary>
    public static Task EnsureAsync(CancellationToken stop = default) =>
        DebianPackages.EnsureAsync([DebianPackage.Chromium, DebianPackage.Emoji], Console.Error.WriteLine, stop);
}
