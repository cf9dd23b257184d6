using System.Security.Cryptography;

namespace WpAsis.Sandbox.Hosting;

/// <summary>Ids in the shapes that foreign systems give out.</summary>
internal static class RandomIds
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Hex(int digits) => RandomNumberGenerator.GetHexString(digits, lowercase: true);

    public static string Alphanumeric(int length) => RandomNumberGenerator.GetString(Letters, length);

    public static string Digits(int length) => "1" + RandomNumberGenerator.GetString("0123456789", length - 1);

    /// <summary>True with the given probability.</summary>
    public static bool Chance(double rate) => rate >= 1 || RandomNumberGenerator.GetInt32(1_000_000) < rate * 1_000_000;
}
