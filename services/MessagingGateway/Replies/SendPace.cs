using System.Runtime.InteropServices;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// A limit on a pace, kept as one moment in a row: the moment at which everything sent so far is paid for.
/// A burst borrows from the future; who has borrowed the whole burst waits.
/// </summary>
/// <param name="Interval">One message each.</param>
/// <param name="Burst">So many at once.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SendPace(TimeSpan Interval, int Burst)
{
    /// <summary>Meta's limit for one contact: one in six seconds, 45 at once.</summary>
    public static SendPace Pair { get; } = new(TimeSpan.FromSeconds(6), 45);

    /// <summary>Meta's limit for one number: 80 in a second.</summary>
    public static SendPace Number { get; } = new(TimeSpan.FromSeconds(1) / 80, 80);

    /// <summary>When the next message may go; not after now when it may go at once.</summary>
    public DateTimeOffset EarliestAt(DateTimeOffset? paidAt, DateTimeOffset now) =>
        paidAt is { } at && at > now ? at - (Interval * (Burst - 1)) : now;

    /// <summary>The moment after one more message.</summary>
    public DateTimeOffset Charge(DateTimeOffset? paidAt, DateTimeOffset now) => (paidAt is { } at && at > now ? at : now) + Interval;

    /// <summary>The moment that makes the next message wait until then.</summary>
    public DateTimeOffset BlockUntil(DateTimeOffset until) => until + (Interval * (Burst - 1));
}
