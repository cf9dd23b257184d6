using System.Security.Cryptography;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Privacy.Tests.KeyRings;

public sealed class ContentKeyRingTests : IDisposable
{
    private static readonly DateTimeOffset HalfPastNine = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(HalfPastNine);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_epoch_is_one_clock_hour_of_one_window_class()
    {
        var istanbul = HalfPastNine.ToOffset(TimeSpan.FromHours(3));

        ContentKeyRing.EpochFor(WindowClass.Hours24, istanbul).Name.ShouldBe("24-2026112409");
        ContentKeyRing.EpochFor(WindowClass.Hours6, HalfPastNine).Name.ShouldBe("6-2026112409");
        ContentKeyRing.EpochFor(WindowClass.Hours72, HalfPastNine).EndsAt.ShouldBe(new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() => ContentKeyRing.EpochFor((WindowClass)48, HalfPastNine));
    }

    [Fact]
    public void Content_lives_at_most_its_window_and_at_least_an_hour_less() =>
        Gen.Select(Gen.DateTimeOffset, Gen.Enum<WindowClass>())
            .Where((moment, _) => moment.Year is > 1970 and < 2200)
            .Sample(
                (moment, window) =>
                {
                    var epoch = ContentKeyRing.EpochFor(window, moment);
                    var lives = epoch.EndsAt - moment;

                    lives.ShouldBeLessThanOrEqualTo(TimeSpan.FromHours((int)window));
                    lives.ShouldBeGreaterThan(TimeSpan.FromHours((int)window - 1));
                    ContentEpoch.TryParse(epoch.Name, out var read).ShouldBeTrue();
                    read.ShouldBe(epoch);
                }
            );

    [Theory]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("48-2026112409")]
    [InlineData("024-2026112409")]
    [InlineData("24-2026112424")]
    [InlineData("24-20261124091")]
    [InlineData("../../etc/passwd")]
    [InlineData("24-2026112409.destroyed")]
    public void What_is_no_epoch_is_not_read_as_one(string name)
    {
        ContentEpoch.TryParse(name, out _).ShouldBeFalse();
        Ring().TryGetKey(name, new byte[32]).ShouldBeFalse();
    }

    [Fact]
    public void Of_many_processes_that_make_an_epoch_at_once_all_get_the_same_key()
    {
        var keys = new byte[16][];
        var rings = Enumerable.Range(0, keys.Length).Select(_ => Ring()).ToList();

        FileKeyRingTests.RunAtOnce(keys.Length, i => keys[i] = Make(rings[i], WindowClass.Hours24));

        keys.ShouldAllBe(key => key.SequenceEqual(keys[0]));
        Files().ShouldBe(["24-2026112409"]);
    }

    [Fact]
    public void A_key_dies_at_the_start_of_its_hour_plus_the_window_in_every_process()
    {
        var ring = Ring();
        var other = Ring();
        _ = Make(ring, WindowClass.Hours24);
        _ = Make(other, WindowClass.Hours24);

        clock.SetUtcNow(new(2026, 11, 25, 8, 59, 59, TimeSpan.Zero));
        ring.DestroyExpired().ShouldBeEmpty();
        ring.TryGetKey("24-2026112409", new byte[32]).ShouldBeTrue();

        clock.SetUtcNow(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        other.TryGetKey("24-2026112409", new byte[32]).ShouldBeFalse("even before anybody destroyed it");
        ring.DestroyExpired().ShouldBe(["24-2026112409"]);
        ring.DestroyExpired().ShouldBeEmpty();
        other.DestroyExpired().ShouldBeEmpty();
        ring.TryGetKey("24-2026112409", new byte[32]).ShouldBeFalse();
        Files().ShouldBe(["24-2026112409.destroyed"]);
        new FileInfo(Path.Combine(folder.Sub("content"), "24-2026112409.destroyed")).Length.ShouldBe(0);
    }

    [Fact]
    public void Classes_of_one_hour_die_each_at_its_own_time()
    {
        var ring = Ring();
        foreach (var window in Enum.GetValues<WindowClass>())
            _ = Make(ring, window);

        var deaths = new List<string>();
        for (var hour = 0; hour < 80; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            deaths.AddRange(ring.DestroyExpired().Select(name => $"{name}@{clock.GetUtcNow():ddHH}"));
        }

        deaths.ShouldBe(["6-2026112409@2415", "12-2026112409@2421", "24-2026112409@2509", "72-2026112409@2709"]);
    }

    [Fact]
    public void A_destroyed_key_is_overwritten_before_its_name_goes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a second name shows what was written");
        var ring = Ring();
        var key = Make(ring, WindowClass.Hours6);
        // What a crash between link and unlink leaves behind: another name of the same file.
        var remains = Path.Combine(folder.Sub("content"), ".new-6-2026112409-0123456789abcdef");
        FileSystem.TryLink(Path.Combine(folder.Sub("content"), "6-2026112409"), remains).ShouldBeTrue();
        var outside = folder.Sub("second-name");
        FileSystem.TryLink(remains, outside).ShouldBeTrue();

        clock.Advance(TimeSpan.FromHours(7));
        ring.DestroyExpired();

        File.ReadAllBytes(outside).ShouldNotBe(key);
        Files().ShouldBe(["6-2026112409.destroyed"]);
    }

    [Fact]
    public void A_destruction_that_a_crash_interrupted_is_finished()
    {
        _ = Make(Ring(), WindowClass.Hours6);
        File.WriteAllBytes(Path.Combine(folder.Sub("content"), "6-2026112409.destroyed"), []);

        Ring().TryGetKey("6-2026112409", new byte[32]).ShouldBeFalse();
        clock.Advance(TimeSpan.FromHours(7));

        Ring().DestroyExpired().ShouldBe(["6-2026112409"]);
        Files().ShouldBe(["6-2026112409.destroyed"]);
    }

    [Fact]
    public void Many_who_destroy_at_once_destroy_all_and_fail_nowhere()
    {
        for (var hour = 0; hour < 20; hour++, clock.Advance(TimeSpan.FromHours(1)))
            _ = Make(Ring(), WindowClass.Hours72);
        clock.Advance(TimeSpan.FromHours(72));
        var rings = Enumerable.Range(0, 8).Select(_ => Ring()).ToList();
        var destroyed = new IReadOnlyList<string>[rings.Count];

        FileKeyRingTests.RunAtOnce(rings.Count, i => destroyed[i] = rings[i].DestroyExpired());

        destroyed.SelectMany(names => names).Distinct(StringComparer.Ordinal).Count().ShouldBe(20);
        Files().Count.ShouldBe(20);
        Files().ShouldAllBe(name => name.EndsWith(".destroyed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_replica_whose_clock_stands_still_does_not_make_a_destroyed_key_again()
    {
        var ring = Ring();
        _ = Make(ring, WindowClass.Hours6);
        clock.Advance(TimeSpan.FromHours(6));
        ring.DestroyExpired();
        var slow = new ContentKeyRing(folder.Sub("content"), new FakeTimeProvider(HalfPastNine));

        Should.Throw<CryptographicException>(() => Make(slow, WindowClass.Hours6));

        Files().ShouldBe(["6-2026112409.destroyed"]);
    }

    [Fact]
    public void A_replica_that_slept_while_it_made_a_key_unmakes_it()
    {
        var sleeper = new ClockThatJumpsOnce(HalfPastNine, TimeSpan.FromHours(30), () => Files().Contains("24-2026112409"));
        var ring = new ContentKeyRing(folder.Sub("content"), sleeper);

        Should.Throw<CryptographicException>(() => Make(ring, WindowClass.Hours24));

        Files().ShouldBeEmpty();
    }

    [Fact]
    public void A_key_is_made_in_its_own_hour_only()
    {
        var past = ContentKeyRing.EpochFor(WindowClass.Hours24, HalfPastNine.AddHours(-1));
        var next = ContentKeyRing.EpochFor(WindowClass.Hours24, HalfPastNine.AddHours(1));

        Should.Throw<CryptographicException>(() => Ring().GetOrMake(past));
        Should.Throw<CryptographicException>(() => Ring().GetOrMake(next));

        clock.SetUtcNow(next.Hour.AddMinutes(-5));
        Ring().GetOrMake(next).Name.ShouldBe("24-2026112410");
    }

    [Fact]
    public void Marks_go_after_eight_days()
    {
        var ring = Ring();
        _ = Make(ring, WindowClass.Hours6);
        clock.Advance(TimeSpan.FromHours(6));
        ring.DestroyExpired();

        clock.Advance(TimeSpan.FromDays(7));
        ring.DestroyExpired();
        Files().Count.ShouldBe(1);

        clock.Advance(TimeSpan.FromDays(1));
        ring.DestroyExpired();
        Files().ShouldBeEmpty();
    }

    [Fact]
    public void A_key_file_of_the_wrong_length_is_refused()
    {
        var ring = Ring();
        File.WriteAllBytes(Path.Combine(folder.Sub("content"), "24-2026112409"), new byte[16]);

        Should.Throw<CryptographicException>(() => Make(ring, WindowClass.Hours24));
    }

    private static byte[] Make(ContentKeyRing ring, WindowClass window)
    {
        var key = new byte[32];
        ring.Current(window).TryCopy(key).ShouldBeTrue();
        return key;
    }

    private ContentKeyRing Ring() => new(folder.Sub("content"), clock);

    private List<string> Files() =>
        [.. Directory.GetFiles(folder.Sub("content")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private sealed class ClockThatJumpsOnce(DateTimeOffset start, TimeSpan jump, Func<bool> when) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => when() ? start + jump : start;
    }
}
