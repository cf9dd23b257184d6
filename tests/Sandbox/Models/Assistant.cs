using System.Text.RegularExpressions;

namespace WpAsis.Sandbox.Models;

/// <summary>What the rule-based assistant found.</summary>
internal sealed record AssistantAnswer(string Text, string Outcome, string Language);

/// <summary>
/// Answers from the facts it was given, word for word, and from nothing else: what a test sees in an answer stood in the request.
/// </summary>
internal static partial class Assistant
{
    private const int MostFacts = 2;

    public static AssistantAnswer Answer(string instructions, string question)
    {
        var language = Words.Language(question);
        if (Words.AsksForHuman(question))
            return new(
                language == "tr" ? "Sizi bir çalışma arkadaşımıza bağlıyorum." : "I am handing you over to a colleague.",
                "HandOver",
                language
            );
        if (Words.IsGreeting(question))
            return new(language == "tr" ? "Merhaba! Size nasıl yardımcı olabilirim?" : "Hello! How can I help you?", "Answered", language);
        var found = Best(Facts(instructions), Words.Meaningful(question));
        return found.Count > 0
            ? new(string.Join('\n', found), "Answered", language)
            : new(language == "tr" ? "Bu konuda bilgim yok." : "I do not know the answer to that.", "Unknown", language);
    }

    private static List<string> Facts(string instructions) =>
        [
            .. Block()
                .Matches(instructions)
                .SelectMany(block =>
                    block.Groups["facts"].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
                .Distinct(StringComparer.Ordinal),
        ];

    private static List<string> Best(List<string> facts, IReadOnlySet<string> question)
    {
        var words = facts.ConvertAll(Words.Meaningful);
        var frequency = words
            .SelectMany(word => word)
            .GroupBy(word => word, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal);
        double Weight(string word) => Math.Log(1 + ((double)facts.Count / frequency[word]));
        var scored = facts
            .Select((fact, i) => (Fact: fact, Shared: words[i].Where(question.Contains).ToHashSet(StringComparer.Ordinal)))
            .Where(entry => entry.Shared.Count > 0)
            .Select(entry => (entry.Fact, entry.Shared, Score: entry.Shared.Sum(Weight)))
            .OrderByDescending(entry => entry.Score)
            .ToList();
        if (scored.Count == 0)
            return [];
        var best = scored[0];
        // A second fact only where the question has a second half that the best one leaves open.
        var rest = scored.Skip(1).Where(entry => entry.Score >= best.Score / 2 && !entry.Shared.IsSubsetOf(best.Shared));
        return [best.Fact, .. rest.Take(MostFacts - 1).Select(entry => entry.Fact)];
    }

    [GeneratedRegex("<facts>(?<facts>.*?)</facts>", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Block();
}
