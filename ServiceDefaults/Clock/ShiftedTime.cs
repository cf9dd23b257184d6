using System.Globalization;

namespace WpAsis.ServiceDefaults.Clock;

/// <summary>
/// Real time plus an offset, for Development only: tests move days in a moment and every process moves with them.
/// Timers run in real time; only instants are shifted. The offset outlives the process in a file, so that a restarted one is not in
/// the past.
/// </summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _offsetTicks;

    private ShiftedTime(TimeSpan offset) => _offsetTicks = offset.Ticks;

    /// <summary>How far ahead of real time this process is.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <summary>Moves this process to the given offset.</summary>
    public void MoveTo(TimeSpan offset) => Interlocked.Exchange(ref _offsetTicks, offset.Ticks);

    /// <summary>Starts from the offset in a file; no file means real time.</summary>
    public static ShiftedTime FromFile(string? path) =>
        new(
            path is not null && File.Exists(path) && TimeSpan.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var offset)
                ? offset
                : TimeSpan.Zero
        );
}
