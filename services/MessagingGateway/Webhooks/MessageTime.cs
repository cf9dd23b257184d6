using System.Globalization;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>When something happened: Meta's time where it is usable, else the time of arrival.</summary>
internal static class MessageTime
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    // Meta repeats for seven days at most.
    private static readonly TimeSpan MostBehind = TimeSpan.FromDays(8);

    /// <summary>The time, and whether it is Meta's.</summary>
    public static (DateTimeOffset At, bool Usable) Of(string? seconds, DateTimeOffset arrivedAt)
    {
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) || unix > 253_402_300_799)
            return (arrivedAt, false);
        var at = DateTimeOffset.FromUnixTimeSeconds(unix);
        return at > arrivedAt + MostAhead || at < arrivedAt - MostBehind ? (arrivedAt, false) : (at, true);
    }
}
