using System.Globalization;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// Cuts a text that is too long for one message where a reader would pause: a paragraph, a line, a sentence, a word;
/// never inside a grapheme, so that no emoji falls apart.
/// </summary>
internal static class SplitText
{
    private const string SentenceEnds = ".!?…。！？؟";

    /// <summary>The parts, in order, each at most as long as the limit in UTF-16 units.</summary>
    public static IReadOnlyList<string> Into(string text, int limit)
    {
        var parts = new List<string>();
        var rest = text.AsSpan().Trim();
        while (rest.Length > limit)
        {
            var cut = FindCut(rest, limit);
            parts.Add(rest[..cut].TrimEnd().ToString());
            rest = rest[cut..].TrimStart();
        }
        if (rest.Length > 0)
            parts.Add(rest.ToString());
        return parts;
    }

    private static int FindCut(ReadOnlySpan<char> text, int limit)
    {
        // A part of less than half a message reads badly; then the next smaller pause serves better.
        var half = limit / 2;
        var window = text[..limit];
        var paragraph = window.LastIndexOf("\n\n");
        if (paragraph >= half)
            return paragraph;
        var line = window.LastIndexOf('\n');
        if (line >= half)
            return line;
        var sentence = LastSentence(text, limit);
        if (sentence >= half)
            return sentence;
        var word = LastSpace(window);
        return word >= half ? word : LastGrapheme(text, limit);
    }

    private static int LastSentence(ReadOnlySpan<char> text, int limit)
    {
        for (var i = limit - 1; i > 0; i--)
        {
            if (char.IsWhiteSpace(text[i]) && SentenceEnds.Contains(text[i - 1], StringComparison.Ordinal))
                return i;
        }
        return -1;
    }

    private static int LastSpace(ReadOnlySpan<char> window)
    {
        for (var i = window.Length - 1; i > 0; i--)
        {
            if (char.IsWhiteSpace(window[i]))
                return i;
        }
        return -1;
    }

    private static int LastGrapheme(ReadOnlySpan<char> text, int limit)
    {
        var at = 0;
        while (at < text.Length)
        {
            var next = at + StringInfo.GetNextTextElementLength(text[at..]);
            if (next > limit)
                break;
            at = next;
        }
        if (at > 0)
            return at;
        // One grapheme longer than a message: not even a surrogate pair may be halved.
        return char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
    }
}
