using System.Text;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>Files that only the person who runs the system may read.</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Makes a folder with mode 0700, parents included, or leaves it as it is.</summary>
    public static string Create(params string[] parts)
    {
        var path = Path.Combine(parts);
        // The runtime gives the mode to the last folder only.
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent && !Directory.Exists(parent))
            Create(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFolder);
        return path;
    }

    /// <summary>Replaces a file in one step, with mode 0600 from its first byte: a reader finds the old text or the new one.</summary>
    public static void Write(string path, string text)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }
}
