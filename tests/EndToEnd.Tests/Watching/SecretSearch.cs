using System.Buffers;
using System.Text;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>Looks for secrets in every form in which bytes are written down.</summary>
public sealed class SecretSearch
{
    private readonly Dictionary<string, string> _forms = new(StringComparer.Ordinal);
    private readonly SearchValues<string> _any;

    /// <param name="secrets">Each secret with what it is.</param>
    public SecretSearch(IReadOnlyDictionary<string, string> secrets)
    {
        foreach (var (secret, what) in secrets)
        {
            foreach (var (form, name) in FormsOf(secret))
                _forms.TryAdd(form, $"{what} ({name}): {secret}");
        }
        _any = SearchValues.Create([.. _forms.Keys], StringComparison.Ordinal);
    }

    /// <summary>What is found first, null when nothing is.</summary>
    public string? Find(ReadOnlySpan<byte> bytes)
    {
        // One character per byte: forms that are no text are found as well.
        var text = Encoding.Latin1.GetString(bytes);
        var at = text.AsSpan().IndexOfAny(_any);
        if (at < 0)
            return null;
        var found = _forms.First(form => text.AsSpan(at).StartsWith(form.Key, StringComparison.Ordinal)).Value;
        var around = text.Substring(Math.Max(0, at - 80), Math.Min(240, text.Length - Math.Max(0, at - 80)));
        return $"{found} in: …{around}…";
    }

    /// <summary>The forms of a secret, one character per byte.</summary>
    public static IEnumerable<(string Form, string Name)> FormsOf(string secret)
    {
        var utf8 = Encoding.UTF8.GetBytes(secret);
        yield return (Encoding.Latin1.GetString(utf8), "UTF-8");
        yield return (Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(secret)), "UTF-16");
        yield return (Encoding.Latin1.GetString(Encoding.BigEndianUnicode.GetBytes(secret)), "UTF-16 big-endian");
        yield return (Convert.ToHexString(utf8), "hex");
        yield return (Convert.ToHexStringLower(utf8), "hex");
        yield return (Uri.EscapeDataString(secret), "URL");
        yield return (Escape(secret, letter => letter > '~' || letter is '"' or '\\', "x4"), "JSON");
        yield return (Escape(secret, letter => letter > '~' || letter is '"' or '\\', "X4"), "JSON");
        yield return (Escape(secret, letter => !char.IsAsciiLetterOrDigit(letter) && letter != ' ', "X4"), "JSON");
        yield return (Escape(secret, _ => true, "x4"), "JSON");
        for (var offset = 0; offset < 3; offset++)
        {
            var base64 = Base64At(utf8, offset);
            yield return (base64, $"base64 at {offset}");
            yield return (base64.Replace('+', '-').Replace('/', '_'), $"base64url at {offset}");
        }
    }

    // The characters that hold nothing but the secret: those at the edges depend on the neighbours.
    private static string Base64At(byte[] secret, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. secret]);
        var first = ((offset * 8) + 5) / 6;
        var whole = (offset + secret.Length) * 8 / 6;
        return text[first..whole];
    }

    private static string Escape(string secret, Func<char, bool> escapes, string format) =>
        string.Concat(
            secret.Select(letter =>
                escapes(letter)
                    ? "\\u" + ((int)letter).ToString(format, System.Globalization.CultureInfo.InvariantCulture)
                    : letter.ToString()
            )
        );
}
