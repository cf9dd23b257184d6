using System.Security.Cryptography;

namespace WpAsis.Privacy.KeyRings;

/// <summary>A folder of key files, 0700 and 0600, in which a name comes into being once, whole, and for all processes the same.</summary>
internal sealed class KeyFolder
{
    /// <summary>Prefix of a file that is being made; the name it is to get follows.</summary>
    public const string Making = ".new-";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public KeyFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else
            CreatePrivately(Path);
    }

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>The key of that name, or none.</summary>
    public byte[]? Read(string name)
    {
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a file unless the name exists; true when this call made it. A crash leaves a whole file or none.</summary>
    public bool TryCreate(string name, ReadOnlySpan<byte> content)
    {
        var making = PathOf($"{Making}{name}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        try
        {
            Write(making, content);
            var made = FileSystem.TryLink(making, PathOf(name));
            FileSystem.SyncFolder(Path);
            return made;
        }
        finally
        {
            File.Delete(making);
        }
    }

    /// <summary>
    /// Overwrites a key where it lies, then unlinks it; false when it was gone already. On storage that writes elsewhere
    /// (copy on write, flash) the old block may linger below the file system: volume encryption is the baseline for that.
    /// </summary>
    public bool Destroy(string name)
    {
        try
        {
            using (var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                file.Write(RandomNumberGenerator.GetBytes((int)file.Length));
                file.Flush(flushToDisk: true);
            }
            File.Delete(PathOf(name));
            FileSystem.SyncFolder(Path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The names in the folder, files in the making included.</summary>
    public IEnumerable<string> Names() => Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file));

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CreatePrivately(string path)
    {
        const UnixFileMode Private = OwnerOnly | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, Private);
        // A folder that was there before may have been made by hand and be open to others.
        if (File.GetUnixFileMode(path) != Private)
            File.SetUnixFileMode(path, Private);
    }
}
