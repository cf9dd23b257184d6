using System.Globalization;
using System.Runtime.InteropServices;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Turns;

/// <summary>What a worker must know of a thread it works on.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TurnNews(ThreadId Thread, int Version, int HardVersion, long Fence);

/// <summary>The payload of channel <c>turn</c>. It only shortens a wait: what does not fit, the heartbeat finds.</summary>
internal static class TurnNotification
{
    public const string Channel = "turn";
    private const int MaxPayload = 7_900;

    public static string Write(IEnumerable<TurnClock> clocks)
    {
        var text = string.Join(
            ';',
            clocks.Select(clock =>
                string.Create(CultureInfo.InvariantCulture, $"{clock.ThreadId.Value:N},{clock.Version},{clock.HardVersion},{clock.Fence}")
            )
        );
        return text.Length <= MaxPayload ? text : text[..text.LastIndexOf(';', MaxPayload)];
    }

    public static IEnumerable<TurnNews> Read(string payload)
    {
        foreach (var entry in payload.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(',');
            if (
                parts.Length == 4
                && Guid.TryParseExact(parts[0], "N", out var thread)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var hardVersion)
                && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var fence)
            )
                yield return new(new ThreadId(thread), version, hardVersion, fence);
        }
    }
}
