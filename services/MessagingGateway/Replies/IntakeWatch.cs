namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// When this process last could not take statuses in: before it started, or while its database was away.
/// A missing status proves nothing about that time, so a call of unknown outcome is not repeated until the wait has passed after it.
/// </summary>
internal sealed class IntakeWatch(TimeProvider clock)
{
    private long _lastAway = clock.GetUtcNow().UtcTicks;

    /// <summary>The last moment at which statuses may have been missed.</summary>
    public DateTimeOffset LastAway => new(Interlocked.Read(ref _lastAway), TimeSpan.Zero);

    /// <summary>Statuses may be missed at this moment.</summary>
    public void Away() => Interlocked.Exchange(ref _lastAway, clock.GetUtcNow().UtcTicks);
}
