using System.Security.Cryptography;
using System.Text;

namespace WpAsis.Privacy.Subjects;

/// <summary>
/// The code by which a WhatsApp user proves who they are: shown on the page, sent from their own WhatsApp. Twelve letters of an alphabet
/// without look-alikes (60 bits) behind a word that nobody writes by chance. Only its hash is kept or travels.
/// </summary>
public static class ProofCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Word = "WPASIS";
    private const int Letters = 12;

    /// <summary>For example <c>WPASIS 7K3M-9QXD-2RTV</c>, made of 32 secret bytes.</summary>
    public static string Of(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < Letters)
            throw new ArgumentException("A code needs as many bytes as it has letters.", nameof(secret));
        var code = new StringBuilder(Word).Append(' ');
        for (var i = 0; i < Letters; i++)
        {
            if (i is 4 or 8)
                code.Append('-');
            code.Append(Alphabet[secret[i] % Alphabet.Length]);
        }
        return code.ToString();
    }

    /// <summary>The hash of a code, however its letters are spaced and cased; null for any other text.</summary>
    public static string? HashOf(string text)
    {
        if (text.Length > 40)
            return null;
        var letters = new string([.. text.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
        if (letters.Length != Word.Length + Letters || !letters.StartsWith(Word, StringComparison.Ordinal))
            return null;
        var code = letters[Word.Length..];
        return code.All(Alphabet.Contains) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(code))) : null;
    }
}
