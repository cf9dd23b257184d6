using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace WpAsis.Sandbox.Models;

/// <summary>Cuts text into comparable words: folded, no stop words, five letters at most (Turkish adds its grammar behind).</summary>
internal static class Words
{
    private const int Stem = 5;

    private static readonly FrozenSet<string> Turkish = Set(
        "acaba ama ancak artik asla aslinda az bana bazen bazi bazilari belki ben benim beni beri bile bir biraz "
            + "bircok biri birkac birsey biz bize bizim boyle bu bunu bunun burada cok cunku da daha de defa degil diger "
            + "diye dolayi en gibi gore hala hangi hatta hem hep hepsi her herhangi hic icin ile ise iste kac kadar kez "
            + "ki kim kimi mi mu nasil ne neden nedir nerede nereye nin niye o olan olarak oldu olsa olur on ona onlar "
            + "onu onun orada oyle pek sadece sanki sen senin siz size sizin sonra su sunu tabi tum var veya ve ya yani "
            + "yine yok zaten misiniz musunuz midir mudur miyim misin lutfen istiyorum isterim ister edebilir miyiz "
            + "olabilir bilgi hakkinda alabilir verir merhaba selam selamlar gunaydin aksamlar iyi gunler kolay gelsin"
    );

    private static readonly FrozenSet<string> English = Set(
        "a about an and any are as at be been but by can could do does did for from get give had has have he her "
            + "hi him his how i if in is it its just may me might my of on or our please she should so some tell than "
            + "that the their them then there these they this to us want was we were what when where which who why will "
            + "with would yes you your hello hey good morning evening afternoon am need know like much many long am let "
            + "also there"
    );

    private static readonly FrozenSet<string> GreetingWords = Set(
        "merhaba merhabalar selam selamlar gunaydin iyi gunler aksamlar kolay gelsin hello hi hey good morning "
            + "evening afternoon there day"
    );

    private static readonly SearchValues<char> TurkishLetters = SearchValues.Create("ğĞşŞıİçÇ");
    private static readonly SearchValues<char> Umlauts = SearchValues.Create("öÖüÜ");

    private static readonly string[] HumanStems = ["temsilci", "insan", "human", "agent", "operator", "yetkili"];

    /// <summary>The words that carry meaning.</summary>
    public static IReadOnlySet<string> Meaningful(string text) =>
        Split(text).Where(word => !Turkish.Contains(word) && !English.Contains(word)).Select(Cut).ToHashSet(StringComparer.Ordinal);

    public static bool IsGreeting(string text)
    {
        var words = Split(text).ToList();
        return words.Count > 0 && words.TrueForAll(GreetingWords.Contains) && !words.TrueForAll(word => word is "day" or "there");
    }

    public static bool AsksForHuman(string text) =>
        Split(text).Any(word => HumanStems.Any(stem => word.StartsWith(stem, StringComparison.Ordinal)));

    /// <summary><c>tr</c> or <c>en</c>, by letters first and by small words then.</summary>
    public static string Language(string text)
    {
        if (text.AsSpan().IndexOfAny(TurkishLetters) >= 0)
            return "tr";
        var words = Split(text).ToList();
        var turkish = words.Count(Turkish.Contains) + (text.AsSpan().IndexOfAny(Umlauts) >= 0 ? 1 : 0);
        return turkish > words.Count(English.Contains) ? "tr" : "en";
    }

    /// <summary>Folded words: every kind of i is one, no accents, lower case.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (var character in Fold(text))
        {
            if (char.IsLetterOrDigit(character))
            {
                word.Append(character);
                continue;
            }
            if (word.Length > 0)
                yield return word.ToString();
            word.Clear();
        }
        if (word.Length > 0)
            yield return word.ToString();
    }

    private static string Fold(string text)
    {
        var plain = text.Replace('İ', 'i').Replace('I', 'i').Replace('ı', 'i').ToLowerInvariant().Normalize(NormalizationForm.FormD);
        return string.Concat(plain.Where(character => CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark));
    }

    private static string Cut(string word) => word.Length <= Stem || word.All(char.IsDigit) ? word : word[..Stem];

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
