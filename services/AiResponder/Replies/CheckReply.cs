using System.Text.RegularExpressions;
using WpAsis.Contracts.AiResponder;

namespace WpAsis.AiResponder.Replies;

/// <summary>What every reply must hold, whatever the model says. No model is asked about it.</summary>
internal static partial class CheckReply
{
    /// <summary>WhatsApp's limit, with room for the gateway's formatting.</summary>
    public const int MaxText = 4_000;

    private const int MaxCopyBlocks = 3;
    private const int MaxCopyBlock = 1_024;
    private const int MaxSuggestions = 3;
    private const int MaxSuggestion = 20;

    public static AnswerReading Check(ReplyAnswer answer)
    {
        var text = answer.Text.Trim();
        if (text.Length == 0)
            return new(AnswerProblem.Empty, null);
        if (text.Length > MaxText)
            return new(AnswerProblem.TooLong, null);
        return new(
            AnswerProblem.None,
            answer with
            {
                Text = text,
                // Said and not done is worse than not said: a promise of a person is a hand-over.
                Outcome = PromisesPerson(text) ? ReplyOutcome.HandOver : answer.Outcome,
                CopyBlocks = [.. Bounded(answer.CopyBlocks, MaxCopyBlock).Take(MaxCopyBlocks)],
                SuggestedReplies =
                [
                    .. Bounded(answer.SuggestedReplies, MaxSuggestion).Distinct(StringComparer.Ordinal).Take(MaxSuggestions),
                ],
            }
        );
    }

    /// <summary>The text says that a person will take over or come back.</summary>
    public static bool PromisesPerson(string text) => Turkish().IsMatch(text) || English().IsMatch(text);

    private static IEnumerable<string> Bounded(IReadOnlyList<string> texts, int most) =>
        texts.Select(text => text.Trim()).Where(text => text.Length > 0 && text.Length <= most);

    private const string Person =
        "(?:arkada[sş][ıi]m[ıi]z|temsilcimiz|yetkilimiz|ekibimiz|uzman[ıi]m[ıi]z|[cç]al[ıi][sş]an[ıi]m[ıi]z"
        + "|m[uü][sş]teri temsilcisi|bir yetkili|operat[oö]r)";

    private const string WillDo =
        "(?:ba[gğ]l[ıi]yorum|aktar[ıi]yorum|y[oö]nlendiriyorum|ileti[sş]ime ge[cç]ece|d[oö]n[uü][sş] yap|arayaca[kğ]|yazaca[kğ]"
        + "|ilgilenece|size d[oö]nece|devralaca[kğ]|ba[gğ]layaca[gğ]|aktaraca[gğ]|y[oö]nlendirece[gğ]|yard[ıi]mc[ıi] olaca[kğ])";

    private const string Somebody =
        "(?:(?:a|our|one of our|one of my|my)\\s+(?:human\\s+|live\\s+)?(?:colleagues?|agents?|team(?: members?)?|representatives?"
        + "|staff(?: members?)?|specialists?|operators?|advisors?)|somebody|someone|a (?:real |live )?(?:person|human))";

    private const string Acts =
        "(?:will|'ll|is going to|shall|can now)\\s+(?:\\w+\\s+){0,2}(?:contact|call|reach|get back|reply|answer|help|assist|take over"
        + "|write|be with|join|follow up)";

    [GeneratedRegex(
        $@"\b{Person}\w*\b[^.!?\n]{{0,80}}{WillDo}|(?:sizi|konuyu|talebinizi)\b[^.!?\n]{{0,60}}{Person}\w*\b[^.!?\n]{{0,40}}{WillDo}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1_000
    )]
    private static partial Regex Turkish();

    [GeneratedRegex(
        $@"\b{Somebody}\s*{Acts}"
            + $@"|\b(?:connect|transfer|hand|forward|pass|put)(?:ing|ed)?\b[^.!?\n]{{0,40}}\b(?:to|over to|through to|with)\s+{Somebody}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1_000
    )]
    private static partial Regex English();
}
