using System.Security.Cryptography;
using System.Text;

namespace WpAsis.Setup.Databases;

/// <summary>
/// What PostgreSQL stores instead of a password (SCRAM-SHA-256). Computed here, so that the password itself never travels in a statement
/// and cannot end in a server's log.
/// </summary>
internal static class ScramSecret
{
    private const int Iterations = 4096;
    private const string Scheme = "SCRAM-SHA-256$";

    /// <summary>Makes a secret with a fresh salt.</summary>
    public static string Create(string password) => Create(password, RandomNumberGenerator.GetBytes(16), Iterations);

    /// <summary>Whether the stored secret was made from this password.</summary>
    public static bool Matches(string? stored, string password)
    {
        if (stored is null || !stored.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        // SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>
        var head = stored[Scheme.Length..].Split('$')[0].Split(':');
        if (head.Length != 2 || !int.TryParse(head[0], out var iterations))
            return false;
        var expected = Create(password, Convert.FromBase64String(head[1]), iterations);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(expected));
    }

    private static string Create(string password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var storedKey = SHA256.HashData(clientKey);
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        var keys = $"{Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
        return $"{Scheme}{iterations}:{Convert.ToBase64String(salt)}${keys}";
    }
}
