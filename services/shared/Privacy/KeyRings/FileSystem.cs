using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WpAsis.Privacy.KeyRings;

/// <summary>Two promises of a file system that .NET does not offer: a link that fails when the name exists, a folder on disk.</summary>
internal static class FileSystem
{
    private const int FileExists = 17;
    private const int ReadOnly = 0;

    /// <summary>Gives a whole file its name; false when the name is taken.</summary>
    public static bool TryLink(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            return TryMove(from, to);
        if (link(from, to) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == FileExists ? false : throw new IOException("A key file could not be linked.", new Win32Exception(error));
    }

    /// <summary>Makes the names of a folder survive a power cut. Windows does it by itself.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        Sync(path);
    }

    [UnsupportedOSPlatform("windows")]
    private static void Sync(string path)
    {
        var folder = open(path, ReadOnly);
        if (folder < 0)
            throw new IOException("A key folder could not be opened.", new Win32Exception(Marshal.GetLastPInvokeError()));
        var result = fsync(folder);
        var error = Marshal.GetLastPInvokeError();
        _ = close(folder);
        if (result != 0)
            throw new IOException("A key folder could not be written through.", new Win32Exception(error));
    }

    // MoveFileEx without "replace existing" is atomic and refuses a taken name.
    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // Four calls of POSIX; a source generator would need unsafe code.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
