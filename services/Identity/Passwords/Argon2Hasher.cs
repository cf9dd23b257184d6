using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using NSec.Cryptography;
using WpAsis.Identity.Accounts;

namespace WpAsis.Identity.Passwords;

/// <summary>
/// Argon2id (libsodium), 64 MiB, two passes. The parameters stand in the hash, so that a stronger setting re-hashes at the next sign-in.
/// </summary>
internal sealed class Argon2Hasher : IPasswordHasher<Account>
{
    public const string HashCounter = "wpasis.identity.password_hashes";
    public const string MeterName = "WpAsis.Identity";

    private const int MemoryKiB = 64 * 1024;
    private const int Passes = 2;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private static readonly string Prefix = string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={MemoryKiB},t={Passes},p=1$");
    private readonly Counter<long> _hashes;

    public Argon2Hasher(IMeterFactory meters)
    {
        _hashes = meters.Create(MeterName).CreateCounter<long>(HashCounter, "{hash}", "Password hashes computed");
        Decoy = Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
    }

    /// <summary>What an unknown address is checked against: the same work, never a match.</summary>
    public string Decoy { get; }

    public string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return $"{Prefix}{Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, MemoryKiB, Passes))}";
    }

    public string HashPassword(Account user, string password) => Hash(password);

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword) =>
        Verify(hashedPassword, providedPassword);

    public PasswordVerificationResult Verify(string hash, string password)
    {
        // $argon2id$v=19$m=65536,t=2,p=1$salt$hash
        var parts = hash.Split('$');
        if (parts is not ["", "argon2id", "v=19", var parameters, var salt, var expected])
            return PasswordVerificationResult.Failed;
        var numbers = parameters.Split(',').ToDictionary(pair => pair[0], pair => int.Parse(pair.AsSpan(2), CultureInfo.InvariantCulture));
        var actual = Derive(password, Convert.FromBase64String(salt), numbers['m'], numbers['t']);
        if (!CryptographicOperations.FixedTimeEquals(actual, Convert.FromBase64String(expected)))
            return PasswordVerificationResult.Failed;
        return hash.StartsWith(Prefix, StringComparison.Ordinal)
            ? PasswordVerificationResult.Success
            : PasswordVerificationResult.SuccessRehashNeeded;
    }

    private byte[] Derive(string password, byte[] salt, int memoryKiB, int passes)
    {
        _hashes.Add(1);
        var argon = PasswordBasedKeyDerivationAlgorithm.Argon2id(
            new Argon2Parameters
            {
                DegreeOfParallelism = 1,
                MemorySize = memoryKiB,
                NumberOfPasses = passes,
            }
        );
        return argon.DeriveBytes(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, HashBytes);
    }
}
