using System.Globalization;
using System.Text;
using System.Text.Json;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>A word that is an order and no question.</summary>
/// <param name="Stops">STOP; otherwise START.</param>
/// <param name="Language">The language of the word, for the confirmation.</param>
/// <param name="CodeHash">The code of a data-subject request, as a hash; then it is neither STOP nor START.</param>
internal sealed record KeyWord(bool Stops, string Language, string? CodeHash = null);

/// <summary>
/// STOP and START in the languages of the list. The whole message must be the word: "stop" inside a sentence is a sentence.
/// </summary>
internal static class KeyWords
{
    private const string Fallback = "en";
    private static readonly WordList List = Load();
    private static readonly Dictionary<string, KeyWord> Words = Index(List);

    /// <summary>The order a text is; null for anything else. A word of all languages takes the language of the number's country.</summary>
    public static KeyWord? Find(string text, WaId? from)
    {
        var folded = Fold(text);
        if (ProofCode.HashOf(folded) is { } hash)
            return new KeyWord(Stops: false, LanguageOf(from), hash);
        if (!Words.TryGetValue(folded, out var word))
            return null;
        return word.Language.Length > 0 ? word : word with { Language = LanguageOf(from) };
    }

    /// <summary>The one sentence that answers an order: STOP, what happens now and how to come back; a code, that it came.</summary>
    public static string Confirmation(KeyWord word)
    {
        var texts = List.Languages.Find(item => item.Language == word.Language) ?? List.Languages.First(item => item.Language == Fallback);
        return word.CodeHash is null ? texts.Stopped : texts.Proved;
    }

    /// <summary>Letters without case, accents and dots, and nothing around them: İPTAL, iptal and "Iptal!" are one word.</summary>
    internal static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in WellFormed(text).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
                continue;
            if (Rune.IsLetterOrDigit(rune))
                folded.Append(rune.Value == 'ı' ? "i" : Rune.ToLowerInvariant(rune).ToString());
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }
        return folded.ToString().TrimEnd();
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string LanguageOf(WaId? from)
    {
        var digits = from?.Normalized ?? "";
        var best = List
            .Languages.SelectMany(item => item.CountryCodes, (item, code) => (item.Language, code))
            .Where(pair => digits.StartsWith(pair.code, StringComparison.Ordinal))
            .MaxBy(pair => pair.code.Length);
        return best.Language ?? Fallback;
    }

    private static Dictionary<string, KeyWord> Index(WordList list)
    {
        var words = new Dictionary<string, KeyWord>(StringComparer.Ordinal);
        foreach (var language in list.Languages)
            Add(words, language.Stop, language.Start, language.Language);
        Add(words, list.Everywhere.Stop, list.Everywhere.Start, "");
        return words;
    }

    private static void Add(Dictionary<string, KeyWord> words, List<string> stop, List<string> start, string language)
    {
        foreach (var word in stop)
            words[Fold(word)] = new(Stops: true, language);
        foreach (var word in start)
            words[Fold(word)] = new(Stops: false, language);
    }

    private static WordList Load()
    {
        using var stream = typeof(KeyWords).Assembly.GetManifestResourceStream(typeof(KeyWords), "KeyWords.json")!;
        return JsonSerializer.Deserialize<WordList>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record WordList(WordPair Everywhere, List<LanguageWords> Languages);

    private sealed record WordPair(List<string> Stop, List<string> Start);

    private sealed record LanguageWords(
        string Language,
        List<string> CountryCodes,
        List<string> Stop,
        List<string> Start,
        string Stopped,
        string Proved
    );
}
