using WpAsis.MessagingGateway.CloudApi;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>How long a send waits for what.</summary>
/// <param name="StatusWait">No status for so long after a call of unknown outcome: it is sent once more.</param>
/// <param name="CallLimit">After so long a call under way has no outcome: its process has died.</param>
internal sealed record SendTimes(TimeSpan StatusWait, TimeSpan CallLimit)
{
    /// <summary>So long after its time an unknown outcome stays open for a late status.</summary>
    public static readonly TimeSpan UnknownEndsAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan DefaultStatusWait = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RecordingTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPairPause = TimeSpan.FromSeconds(256);

    /// <summary>Reads <c>WhatsApp:StatusWait</c>.</summary>
    public static SendTimes Read(IConfiguration configuration, GraphSettings graph) =>
        new(configuration.GetValue("WhatsApp:StatusWait", DefaultStatusWait), graph.Timeout + RecordingTime);

    /// <summary>Pause before the same message is tried again: doubling with a spread, and never less than Graph asks.</summary>
    public static TimeSpan PauseAfter(int attempts, TimeSpan? retryAfter, double spread)
    {
        var pause = Min(FirstPause * Math.Pow(2, Math.Min(attempts - 1, 10)), LongestPause) * (0.75 + (spread / 2));
        return retryAfter > pause ? retryAfter.Value : pause;
    }

    /// <summary>Pause for a contact who got too much: 4, 16, 64, 256 seconds, as Meta asks.</summary>
    public static TimeSpan PairPauseAfter(int attempts) =>
        Min(TimeSpan.FromSeconds(Math.Pow(4, Math.Clamp(attempts, 1, 10))), LongestPairPause);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
