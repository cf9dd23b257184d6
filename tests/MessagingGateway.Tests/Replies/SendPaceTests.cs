using WpAsis.MessagingGateway.Replies;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class SendPaceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_burst_borrows_from_the_future_and_then_waits()
    {
        DateTimeOffset? paid = null;
        for (var i = 0; i < 45; i++)
        {
            SendPace.Pair.EarliestAt(paid, Noon).ShouldBeLessThanOrEqualTo(Noon);
            paid = SendPace.Pair.Charge(paid, Noon);
        }

        SendPace.Pair.EarliestAt(paid, Noon).ShouldBe(Noon.AddSeconds(6));
    }

    [Fact]
    public void In_any_time_no_more_than_the_burst_and_one_per_interval_goes()
    {
        var (paid, now, sent) = ((DateTimeOffset?)null, Noon, 0);
        while (now < Noon.AddMinutes(10))
        {
            now = Later(now, SendPace.Pair.EarliestAt(paid, now));
            paid = SendPace.Pair.Charge(paid, now);
            sent++;
        }

        sent.ShouldBeInRange(100, 45 + 101);
    }

    [Fact]
    public void A_blocked_pair_goes_on_after_its_pause_and_not_before()
    {
        var paid = SendPace.Pair.BlockUntil(Noon.AddSeconds(16));

        SendPace.Pair.EarliestAt(paid, Noon).ShouldBe(Noon.AddSeconds(16));
    }

    [Theory]
    [InlineData(1, 0.75, 1.25)]
    [InlineData(4, 6, 10)]
    [InlineData(60, 45, 75)]
    public void Pauses_double_up_to_a_minute(int attempts, double least, double most)
    {
        SendTimes.PauseAfter(attempts, null, 0).TotalSeconds.ShouldBe(least, 0.001);
        SendTimes.PauseAfter(attempts, null, 1).TotalSeconds.ShouldBe(most, 0.001);
        SendTimes.PauseAfter(attempts, TimeSpan.FromHours(1), 0).ShouldBe(TimeSpan.FromHours(1));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
