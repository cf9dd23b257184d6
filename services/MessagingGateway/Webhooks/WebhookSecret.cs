using System.Security.Cryptography;
using System.Text;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// A secret that Meta signs webhooks with. All it offers is an answer in constant time: it cannot be read, printed or compared.
/// </summary>
internal sealed class WebhookSecret(string secret)
{
    private readonly KeyedHash _key = new(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether the signature (32 bytes) is this secret's over the body as it arrived.</summary>
    public bool Signs(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _key.Hash(body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "secret";
}

/// <summary>The app's secrets, two of them while one is replaced, and the token of the verification request.</summary>
internal sealed class WebhookSecrets
{
    private const string Scheme = "sha256=";
    private const int Most = 2;
    private readonly WebhookSecret[] _secrets;
    private readonly byte[] _verifyToken;

    private WebhookSecrets(WebhookSecret[] secrets, string verifyToken)
    {
        _secrets = secrets;
        _verifyToken = SHA256.HashData(Encoding.UTF8.GetBytes(verifyToken));
    }

    /// <summary>Reads <c>WhatsApp:AppSecrets</c> and <c>WhatsApp:VerifyToken</c>.</summary>
    /// <exception cref="InvalidOperationException">
    /// One of them is missing: without a secret anybody could write to anybody's assistant.
    /// </exception>
    public static WebhookSecrets Read(IConfiguration configuration)
    {
        var secrets = configuration
            .GetSection("WhatsApp:AppSecrets")
            .GetChildren()
            .Select(child => child.Value)
            .Where(value => !string.IsNullOrWhiteSpace(value))
            .ToArray();
        if (secrets.Length is 0 or > Most)
            throw new InvalidOperationException(
                $"WhatsApp:AppSecrets holds {secrets.Length} secrets: one is needed, two while it changes."
            );
        var token = configuration["WhatsApp:VerifyToken"];
        if (string.IsNullOrWhiteSpace(token))
            throw new InvalidOperationException("WhatsApp:VerifyToken is missing.");
        return new([.. secrets.Select(secret => new WebhookSecret(secret!))], token);
    }

    /// <summary>Whether a header of the form <c>sha256=hex</c> signs the body.</summary>
    public bool Signs(ReadOnlySpan<byte> body, string? header)
    {
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!TryRead(header, signature))
            return false;
        var signs = false;
        foreach (var secret in _secrets)
            signs |= secret.Signs(body, signature);
        return signs;
    }

    /// <summary>Whether somebody knows the verify token.</summary>
    public bool Knows(string? token) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token ?? "")), _verifyToken);

    private static bool TryRead(string? header, Span<byte> signature) =>
        header is { Length: 71 }
        && header.StartsWith(Scheme, StringComparison.Ordinal)
        && Convert.FromHexString(header.AsSpan(Scheme.Length), signature, out _, out var written) == System.Buffers.OperationStatus.Done
        && written == signature.Length;
}
