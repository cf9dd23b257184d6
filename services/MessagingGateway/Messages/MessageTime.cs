using System.Globalization;
using System.Runtime.InteropServices;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>
/// When a message was sent: Meta's time where it can be true, else the time of arrival. Meta repeats for seven days at most,
/// so an older one is a fixture's or a fault's.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MessageTime(DateTimeOffset SentAt, bool IsUsable)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Behind = TimeSpan.FromDays(8);
    private const long LastSecond = 253_402_300_799;

    public static MessageTime Read(string? timestamp, DateTimeOffset arrivedAt)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LastSecond)
            return new(arrivedAt, false);
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return sentAt <= arrivedAt + Ahead && sentAt >= arrivedAt - Behind ? new(sentAt, true) : new(arrivedAt, false);
    }
}
