using System.Security.Cryptography;
using System.Text;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>A secret that signs webhooks. It can only be asked whether it signed something, in constant time.</summary>
internal sealed class WebhookSecret(string secret)
{
    private const string Scheme = "sha256=";
    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    // The signature covers the raw bytes: parse first and a reordered body would pass.
    public bool Signs(ReadOnlySpan<byte> body, string? header)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (header is null || header.Length != Scheme.Length + (given.Length * 2) || !header.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        if (Convert.FromHexString(header.AsSpan(Scheme.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "webhook secret";
}

/// <summary>One Meta app: its secrets (two while one is being rotated) and its verify token. Without them the service does not start.</summary>
internal sealed class WebhookSettings
{
    private const int MostSecrets = 2;
    private readonly byte[] _verifyToken;

    public WebhookSettings(IConfiguration configuration)
    {
        var secrets = configuration.GetSection("WhatsApp:AppSecrets").Get<string[]>()?.Where(secret => secret.Length > 0).ToArray() ?? [];
        if (secrets.Length is 0 or > MostSecrets)
            throw new InvalidOperationException("WhatsApp:AppSecrets needs one app secret, or two while one is rotated.");
        var token = configuration["WhatsApp:VerifyToken"];
        if (string.IsNullOrEmpty(token))
            throw new InvalidOperationException("WhatsApp:VerifyToken is missing.");
        Secrets = [.. secrets.Select(secret => new WebhookSecret(secret))];
        _verifyToken = SHA256.HashData(Encoding.UTF8.GetBytes(token));
    }

    public IReadOnlyList<WebhookSecret> Secrets { get; }

    public bool IsVerifyToken(string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _verifyToken);

    public bool IsSigned(ReadOnlySpan<byte> body, string? header)
    {
        foreach (var secret in Secrets)
        {
            if (secret.Signs(body, header))
                return true;
        }
        return false;
    }
}
