using System.Buffers.Text;
using System.Security.Cryptography;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Identity.Accounts;

/// <summary>
/// What the confirmation mail carries: the sign-up's id and a MAC over it. Nothing of it is stored, so the database
/// can't give it away and a mail that failed can be written again; it is used up with the sign-up's row.
/// </summary>
internal sealed class ConfirmationToken(FileKeyRing ring)
{
    private const int IdBytes = 16;
    private const int MacBytes = 32;

    public string For(AccountId signUp)
    {
        var token = new byte[IdBytes + MacBytes];
        _ = signUp.Value.TryWriteBytes(token, bigEndian: true, out _);
        Mac(token.AsSpan(0, IdBytes)).CopyTo(token, IdBytes);
        return Base64Url.EncodeToString(token);
    }

    public bool TryRead(string? text, out AccountId signUp)
    {
        signUp = default;
        if (text is not { Length: 64 } || !Base64Url.IsValid(text))
            return false;
        var token = Base64Url.DecodeFromChars(text);
        if (token.Length != IdBytes + MacBytes)
            return false;
        if (!CryptographicOperations.FixedTimeEquals(Mac(token.AsSpan(0, IdBytes)), token.AsSpan(IdBytes)))
            return false;
        signUp = new AccountId(new Guid(token.AsSpan(0, IdBytes), bigEndian: true));
        return true;
    }

    private byte[] Mac(ReadOnlySpan<byte> id) => HMACSHA256.HashData(ring.GetOrCreate("confirm-email", MacBytes), id);
}
