using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.EndToEnd.Tests;

/// <summary>Chance that can be had again: a seed draws the same numbers for the same things. <c>SURVIVAL_SEED</c> sets it.</summary>
internal sealed class Chance(int seed)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public int Seed => seed;

    public static Chance New() =>
        new(
            int.TryParse(Environment.GetEnvironmentVariable("SURVIVAL_SEED"), CultureInfo.InvariantCulture, out var given)
                ? given
                : RandomNumberGenerator.GetInt32(1_000_000)
        );

    /// <summary>The length of an outage, or the time to a kill, is part of the trial: nothing is waited for by it.</summary>
    public static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < time)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A time from nothing to this.</summary>
    public TimeSpan UpTo(TimeSpan most, string what)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed} {what}")));
        return most * (BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue);
    }
}
