using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Privacy.Tests.KeyRings;

public sealed class FileKeyRingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_secret_is_the_same_for_every_process_and_after_a_restart()
    {
        var secret = Ring().GetOrCreate("pepper-email", 32);

        Ring().GetOrCreate("pepper-email", 32).ShouldBe(secret);
        Ring().GetOrCreate("pepper-phone", 32).ShouldNotBe(secret);
    }

    [Fact]
    public void Of_many_who_make_a_secret_at_once_all_get_the_same()
    {
        var secrets = new byte[16][];
        var rings = Enumerable.Range(0, secrets.Length).Select(_ => Ring()).ToList();

        RunAtOnce(secrets.Length, i => secrets[i] = rings[i].GetOrCreate("client-secret", 48));

        secrets.ShouldAllBe(secret => secret.SequenceEqual(secrets[0]));
        Directory.GetFiles(folder.Sub("ring")).Length.ShouldBe(1);
    }

    [Fact]
    public void Of_many_who_make_the_first_kek_at_once_all_get_the_same()
    {
        var wrapped = new byte[8][];
        var rings = Enumerable.Range(0, wrapped.Length).Select(_ => Ring()).ToList();
        var key = RandomNumberGenerator.GetBytes(32);

        RunAtOnce(wrapped.Length, i => wrapped[i] = rings[i].CurrentKek().Wrap(key, "owner"u8));

        foreach (var bytes in wrapped)
            Ring().Kek(1).Unwrap(bytes, "owner"u8).ShouldBe(key);
    }

    [Fact]
    public void Only_the_services_own_user_can_read_the_ring()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        Directory.CreateDirectory(folder.Sub("ring"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Sub("ring"), (UnixFileMode)0b111_111_111);

        var ring = Ring();
        _ = ring.CurrentKek();
        _ = ring.GetOrCreate("pepper-email", 32);

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(folder.Sub("ring")).ShouldBe((UnixFileMode)0b111_000_000);
            foreach (var file in Directory.GetFiles(folder.Sub("ring")))
                File.GetUnixFileMode(file).ShouldBe((UnixFileMode)0b110_000_000);
        }
    }

    [Fact]
    public void A_missing_kek_is_an_error_and_is_never_made()
    {
        _ = Ring().CurrentKek();

        Should.Throw<CryptographicException>(() => Ring().Kek(7));

        Directory.GetFiles(folder.Sub("ring")).Select(Path.GetFileName).ShouldBe(["kek-1"]);
    }

    [Fact]
    public void A_newer_kek_of_another_replica_is_taken_up_within_a_minute()
    {
        var ring = Ring();
        ring.CurrentKek().Epoch.ShouldBe(1);
        File.WriteAllBytes(Path.Combine(folder.Sub("ring"), "kek-2"), RandomNumberGenerator.GetBytes(32));

        clock.Advance(TimeSpan.FromMinutes(1));

        ring.CurrentKek().Epoch.ShouldBe(2);
        ring.Kek(1).Epoch.ShouldBe(1);
    }

    [Fact]
    public void A_key_file_of_the_wrong_length_is_refused()
    {
        Directory.CreateDirectory(folder.Sub("ring"));
        File.WriteAllBytes(Path.Combine(folder.Sub("ring"), "kek-1"), new byte[31]);
        File.WriteAllBytes(Path.Combine(folder.Sub("ring"), "pepper-email"), new byte[16]);

        Should.Throw<CryptographicException>(() => Ring().CurrentKek());
        Should.Throw<CryptographicException>(() => Ring().GetOrCreate("pepper-email", 32));
    }

    [Fact]
    public void What_a_caller_does_to_its_copy_does_not_change_the_ring()
    {
        var ring = Ring();
        var secret = ring.GetOrCreate("pepper-email", 32);
        var before = (byte[])secret.Clone();

        Array.Clear(secret);

        ring.GetOrCreate("pepper-email", 32).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../kek")]
    [InlineData(".new")]
    [InlineData("kek-9")]
    [InlineData("Pepper")]
    public void A_secret_cannot_be_named_like_a_path_or_like_a_kek(string name) =>
        Should.Throw<ArgumentException>(() => Ring().GetOrCreate(name, 32));

    [Fact]
    public void A_wrapped_key_opens_for_its_owner_only_and_unchanged_only()
    {
        var kek = Ring().CurrentKek();
        var key = RandomNumberGenerator.GetBytes(32);
        var wrapped = kek.Wrap(key, "gateway/subject/1"u8);

        kek.Unwrap(wrapped, "gateway/subject/1"u8).ShouldBe(key);
        Should.Throw<CryptographicException>(() => kek.Unwrap(wrapped, "gateway/subject/2"u8));
        Should.Throw<CryptographicException>(() => kek.Unwrap(wrapped.AsSpan(1), "gateway/subject/1"u8));
        for (var i = 0; i < wrapped.Length; i++)
        {
            var changed = (byte[])wrapped.Clone();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => kek.Unwrap(changed, "gateway/subject/1"u8));
        }
        Should.Throw<ArgumentException>(() => kek.Wrap(new byte[16], "gateway/subject/1"u8));
    }

    private FileKeyRing Ring() => new(folder.Sub("ring"), clock);

    internal static void RunAtOnce(int count, Action<int> work)
    {
        using var start = new Barrier(count);
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable
            .Range(0, count)
            .Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                if (Record.Exception(() => work(i)) is { } failure)
                    failures.Enqueue(failure);
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        failures.ShouldBeEmpty();
    }
}
