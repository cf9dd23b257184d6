using System.Globalization;

namespace WpAsis.Sandbox.Clock;

/// <summary>Real time plus the offset that the whole system shares. Timers run in real time; only instants are shifted.</summary>
internal sealed class SandboxTime : TimeProvider
{
    private readonly string? _file;
    private long _offsetTicks;

    public SandboxTime(string? file)
    {
        _file = file;
        if (
            file is { Length: > 0 }
            && File.Exists(file)
            && TimeSpan.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var offset)
        )
            _offsetTicks = offset.Ticks;
    }

    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <summary>
    /// Writes the file first and all at once: a process that starts in this very moment reads either offset, never half of one.
    /// </summary>
    public void MoveTo(TimeSpan offset)
    {
        if (_file is { Length: > 0 })
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(_file))!;
            Directory.CreateDirectory(directory);
            var temporary = Path.Combine(directory, Path.GetRandomFileName());
            File.WriteAllText(temporary, offset.ToString("c", CultureInfo.InvariantCulture));
            File.Move(temporary, _file, overwrite: true);
        }
        Interlocked.Exchange(ref _offsetTicks, offset.Ticks);
    }
}
