namespace WpAsis.TestServers;

/// <summary>A lock on a file between processes; the kernel releases it when its holder dies, however it dies.</summary>
internal static class FileLock
{
    /// <summary>Many may hold it at once, unless somebody holds it alone. Null: not now.</summary>
    public static FileStream? TryShare(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>One alone may hold it. Null: not now.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
