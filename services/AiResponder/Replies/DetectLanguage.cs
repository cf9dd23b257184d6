using System.Buffers;
using WpAsis.AiResponder.Turns;

namespace WpAsis.AiResponder.Replies;

/// <summary>
/// Decides the language of a turn once, from the contact's own words: what they wrote now, else what they wrote before,
/// else the first language of the business.
/// </summary>
internal static class DetectLanguage
{
    private static readonly SearchValues<char> TurkishLetters = SearchValues.Create("çğıöşüÇĞİÖŞÜ");

    private static readonly HashSet<string> TurkishWords = Words(
        "merhaba selam gunaydin iyi aksamlar ve bir bu ne nasil neden nerede kac kadar var yok mi mu icin ile da de ben siz sizin bana "
            + "lutfen tesekkurler tesekkur ederim tamam evet hayir fiyat fiyati ucret ne zaman saat bugun yarin acik kapali istiyorum "
            + "olur mu musunuz misiniz misin lazim rica alabilir miyim randevu siparis adres kargo"
    );

    private static readonly HashSet<string> EnglishWords = Words(
        "hello hi hey good morning evening the a an is are do does did what when where how why who which can could would i you we my your "
            + "it this that and or of for with to in on at please thanks thank yes no have has there "
            + "price open closed today tomorrow need want"
    );

    public static string Of(IReadOnlyList<TurnPart> parts, IReadOnlyList<MemoryEntry> memory, IReadOnlyList<string> languages) =>
        Of(string.Join(' ', parts.Select(part => part.Text)), languages)
        ?? Of(string.Join(' ', memory.Where(entry => entry.Speaker is Speaker.Contact).Select(entry => entry.Text)), languages)
        ?? languages[0];

    /// <summary>None when the words do not tell, or tell of a language that the business does not speak.</summary>
    private static string? Of(string text, IReadOnlyList<string> languages)
    {
        var words = text.ToLowerInvariant()
            .Split([' ', '\n', '\t', '.', ',', '?', '!', ':', ';', '\'', '"', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        var turkish = words.Count(word => TurkishWords.Contains(Fold(word)));
        var english = words.Count(EnglishWords.Contains);
        turkish += text.AsSpan().ContainsAny(TurkishLetters) ? 2 : 0;
        var found =
            turkish > english ? "tr"
            : english > turkish ? "en"
            : null;
        return found is not null && languages.Contains(found, StringComparer.Ordinal) ? found : null;
    }

    private static string Fold(string word) =>
        string.Create(
            word.Length,
            word,
            static (folded, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    folded[i] = source[i] switch
                    {
                        'ç' => 'c',
                        'ğ' => 'g',
                        'ı' or 'İ' => 'i',
                        'ö' => 'o',
                        'ş' => 's',
                        'ü' => 'u',
                        var other => other,
                    };
                }
            }
        );

    private static HashSet<string> Words(string words) => [.. words.Split(' ')];
}
