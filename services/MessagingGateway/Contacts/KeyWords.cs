using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using WpAsis.MessagingGateway.Webhooks;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>What a bare word of a contact means.</summary>
internal enum KeyWord
{
    /// <summary>No more answers.</summary>
    Stop,

    /// <summary>Answers again.</summary>
    Start,
}

/// <summary>Words that take effect in the gateway and never reach a model: only where they are the whole message.</summary>
internal static class KeyWords
{
    private const int LongestWord = 32;

    private static readonly FrozenDictionary<string, KeyWord> Words = new (KeyWord Word, string[] Texts)[]
    {
        (
            KeyWord.Stop,
            [
                "stop",
                "unsubscribe",
                "dur",
                "durdur",
                "iptal",
                "abonelikten cik",
                "baja",
                "detener",
                "alto",
                "parar",
                "pare",
                "sair",
                "stopp",
                "توقف",
                "ايقاف",
            ]
        ),
        (KeyWord.Start, ["start", "resume", "basla", "baslat", "devam", "iniciar", "comenzar", "comecar", "weiter", "ابدا"]),
    }
        .SelectMany(group => group.Texts.Select(text => (Text: Fold(text), group.Word)))
        .ToFrozenDictionary(pair => pair.Text, pair => pair.Word, StringComparer.Ordinal);

    public static KeyWord? Of(InboundItem message) =>
        message is { IsGroup: false, Kind: "Text" or "Button" or "Interactive", Text: { Length: > 0 and <= LongestWord } text }
        && Words.TryGetValue(Fold(text), out var word)
            ? word
            : null;

    // How people type on a phone: capitals, with or without diacritics, a dot or an exclamation mark behind.
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var dotless = text.Trim().TrimEnd('.', '!', '?', ' ').Replace('İ', 'i').Replace('I', 'i').Replace('ı', 'i');
        foreach (var letter in dotless.ToLowerInvariant().Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is not UnicodeCategory.NonSpacingMark)
                folded.Append(letter);
        }
        return folded.ToString();
    }
}
