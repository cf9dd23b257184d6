using WpAsis.ServiceDefaults.Clock;

namespace WpAsis.ServiceDefaults.Tests.Clock;

public sealed class ShiftedTimeTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public void Without_a_file_it_is_real_time()
    {
        var before = TimeProvider.System.GetUtcNow();

        ShiftedTime.FromFile(_file).GetUtcNow().ShouldBeInRange(before, before.AddMinutes(1));
    }

    [Fact]
    public void A_restarted_process_is_where_the_clock_was_moved_to()
    {
        File.WriteAllText(_file, "1.01:00:00");

        ShiftedTime.FromFile(_file).Offset.ShouldBe(TimeSpan.FromHours(25));
    }

    [Fact]
    public void A_moved_clock_moves_instants_and_leaves_timers_alone()
    {
        var clock = ShiftedTime.FromFile(null);
        var timestamp = clock.GetTimestamp();

        clock.MoveTo(TimeSpan.FromDays(91));

        clock.GetUtcNow().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddDays(90));
        clock.GetElapsedTime(timestamp).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => File.Delete(_file);
}
