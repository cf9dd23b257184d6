using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>Chance that can be had again: a seed draws the same numbers for the same things. <c>SURVIVAL_SEED</c> sets it.</summary>
internal sealed class Chance(int seed)
{
    public int Seed => seed;

    public static Chance New() =>
        new(
            int.TryParse(Environment.GetEnvironmentVariable("SURVIVAL_SEED"), CultureInfo.InvariantCulture, out var given)
                ? given
                : RandomNumberGenerator.GetInt32(1_000_000)
        );

    /// <summary>A time from nothing to this.</summary>
    public TimeSpan UpTo(TimeSpan most, string what)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed} {what}")));
        return most * (BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue);
    }
}
