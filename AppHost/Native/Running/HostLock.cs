using System.Globalization;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Running;

/// <summary>One running system per folder. The kernel lets go of the lock when its holder dies, so a killed one blocks nobody.</summary>
internal sealed class HostLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _holder;

    private HostLock(FileStream held, string holder)
    {
        _held = held;
        _holder = holder;
    }

    /// <exception cref="NativeFailedException">Another system runs here; the message names its process.</exception>
    public static HostLock Take(string folder)
    {
        PrivateFolder.Create(folder);
        var holder = Path.Combine(folder, "native.pid");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "native.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException refused)
        {
            var process = File.Exists(holder) ? File.ReadAllText(holder).Trim() : "unknown";
            throw new NativeFailedException(
                $"WpAsis already runs here, as process {process}. Stop it with Ctrl+C there, or: kill {process}",
                refused
            );
        }
        PrivateFolder.Write(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new HostLock(held, holder);
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _held.Dispose();
    }
}
