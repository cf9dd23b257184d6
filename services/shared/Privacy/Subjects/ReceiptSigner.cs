using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Privacy.Subjects;

/// <summary>The public half of a service's signing key, as a JWK.</summary>
[NotPersonal("a public key")]
public sealed record ReceiptKey(string Kid, string X, string Y)
{
    /// <summary>Reads a receipt that this key signed; null for anything else.</summary>
    public Receipt? Verify(string jws)
    {
        if (ReceiptJws.Split(jws) is not { } parts || ReceiptJws.KidOf(jws) != Kid)
            return null;
        using var key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
            }
        );
        return key.VerifyData(parts.Signed, parts.Signature, HashAlgorithmName.SHA256)
            ? JsonSerializer.Deserialize<Receipt>(parts.Payload, ReceiptJws.Options)
            : null;
    }
}

/// <summary>
/// Signs receipts with the service's own key (ES256, compact JWS): nobody else can say that it forgot somebody.
/// </summary>
public sealed class ReceiptSigner
{
    private readonly Lazy<ECDsa> key;
    private readonly Lazy<ReceiptKey> publicKey;

    /// <param name="ring">The service's own ring.</param>
    public ReceiptSigner(FileKeyRing ring)
    {
        key = new(() => Open(ring));
        publicKey = new(() => Describe(key.Value));
    }

    /// <summary>What verifies its receipts.</summary>
    public ReceiptKey PublicKey => publicKey.Value;

    /// <summary>Signs.</summary>
    public string Sign(Receipt receipt)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new ReceiptJws.Header("ES256", PublicKey.Kid, ReceiptJws.Type),
            ReceiptJws.Options
        );
        var payload = JsonSerializer.SerializeToUtf8Bytes(receipt, ReceiptJws.Options);
        var text = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        lock (key)
            return $"{text}.{Base64Url.EncodeToString(key.Value.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private static ECDsa Open(FileKeyRing ring)
    {
        var secret = ring.GetOrCreate("receipt-signing", 32);
        // Below the order of the curve, which begins with 32 ones.
        secret[0] &= 0x7F;
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
    }

    private static ReceiptKey Describe(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        // RFC 7638: the key's thumbprint is its name.
        var thumbprint = SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        return new ReceiptKey(Base64Url.EncodeToString(thumbprint), x, y);
    }
}

/// <summary>The form of a receipt on the wire.</summary>
public static class ReceiptJws
{
    internal const string Type = "receipt+jws";
    private const int Longest = 16 * 1024;

    internal static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
            Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
        };

    /// <summary>The key it claims to be signed with; null where it is no receipt at all.</summary>
    public static string? KidOf(string jws)
    {
        if (Split(jws) is not { } parts)
            return null;
        try
        {
            return JsonSerializer.Deserialize<Header>(parts.Header, Options) is { Alg: "ES256", Typ: Type, Kid: { Length: > 0 } kid }
                ? kid
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static Parts? Split(string jws)
    {
        if (jws.Length > Longest || jws.Split('.') is not [var header, var payload, var signature])
            return null;
        try
        {
            return new Parts(
                Base64Url.DecodeFromChars(header),
                Base64Url.DecodeFromChars(payload),
                Encoding.ASCII.GetBytes($"{header}.{payload}"),
                Base64Url.DecodeFromChars(signature)
            );
        }
        catch (FormatException)
        {
            return null;
        }
    }

    internal sealed record Header(string Alg, string Kid, string Typ);

    internal sealed record Parts(byte[] Header, byte[] Payload, byte[] Signed, byte[] Signature);
}
