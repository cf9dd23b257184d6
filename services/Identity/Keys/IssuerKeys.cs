using System.Numerics;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Identity.Keys;

/// <summary>
/// The keys of the issuer, the same in every replica because they are derived from secrets of the ring:
/// ES256 for what others verify, AES-256 for codes and refresh tokens, which only we read.
/// </summary>
internal sealed class IssuerKeys
{
    // 128 bits more than the order, so that the remainder is even (FIPS 186-5, A.2.1).
    private const int SeedBytes = 48;

    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        isUnsigned: true,
        isBigEndian: true
    );

    public IssuerKeys(FileKeyRing ring)
    {
        Signing = new ECDsaSecurityKey(FromSeed(ring.GetOrCreate("issuer-signing-1", SeedBytes)));
        // A thumbprint can't be used again for another key; a number would be.
        Signing.KeyId = Base64UrlEncoder.Encode(Signing.ComputeJwkThumbprint());
        Encryption = new SymmetricSecurityKey(ring.GetOrCreate("issuer-encryption-1", 32));
    }

    public ECDsaSecurityKey Signing { get; }

    public SymmetricSecurityKey Encryption { get; }

    private static ECDsa FromSeed(byte[] seed)
    {
        var number = (new BigInteger(seed, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var secret = new byte[32];
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(secret, secret.Length - bytes.Length);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
    }
}
