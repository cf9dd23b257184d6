using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;

namespace WpAsis.AiResponder.Data;

/// <summary>Sealed content as one column: length and name of its epoch, nonce, tag, ciphertext. It neither seals nor unseals.</summary>
internal sealed class SealedContentColumn() : ValueConverter<SealedContent, byte[]>(value => Pack(value), column => Unpack(column))
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>From this moment on the bytes are noise.</summary>
    /// <exception cref="CryptographicException">It names no epoch.</exception>
    public static DateTimeOffset EndOf(SealedContent content) =>
        ContentEpoch.TryParse(content.Epoch, out var epoch)
            ? epoch.EndsAt
            : throw new CryptographicException("Sealed content names no epoch.");

    public static byte[] Pack(SealedContent value)
    {
        if (value.Nonce.Length != NonceBytes || value.Tag.Length != TagBytes || value.Ciphertext.Length > SealedContent.MaxBytes)
            throw new CryptographicException("Sealed content has the wrong form.");
        var epoch = Encoding.ASCII.GetBytes(value.Epoch);
        return [checked((byte)epoch.Length), .. epoch, .. value.Nonce, .. value.Tag, .. value.Ciphertext];
    }

    public static SealedContent Unpack(byte[] column)
    {
        var at = 1 + column[0];
        return new SealedContent
        {
            Epoch = Encoding.ASCII.GetString(column.AsSpan(1, column[0])),
            Nonce = column[at..(at + NonceBytes)],
            Tag = column[(at + NonceBytes)..(at + NonceBytes + TagBytes)],
            Ciphertext = column[(at + NonceBytes + TagBytes)..],
        };
    }
}
