using System.Net;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Code, links, addresses, tags, escapes and entities within a line: what stands in them is no emphasis.</summary>
internal static class InlineLiteral
{
    private const int MaxLink = 2_000;
    private const int MaxTag = 200;
    private const int MaxEntity = 10;

    /// <summary>Reads what begins here, if it is such a thing.</summary>
    public static bool TryRead(string line, int i, out string literal, out int length)
    {
        (literal, length) = line[i] switch
        {
            '\\' when i + 1 < line.Length && char.IsAsciiLetterOrDigit(line[i + 1]) is false && line[i + 1] != ' ' => (
                line[i + 1].ToString(),
                2
            ),
            '`' => Code(line, i),
            '!' when i + 1 < line.Length && line[i + 1] == '[' => Link(line, i + 1, 1),
            '[' => Link(line, i, 0),
            '<' => Tag(line, i),
            '&' => Entity(line, i),
            'h' when IsAddress(line, i) => Address(line, i),
            _ => ("", 0),
        };
        return length > 0;
    }

    private static (string, int) Code(string line, int i)
    {
        var ticks = 1;
        while (i + ticks < line.Length && line[i + ticks] == '`')
            ticks++;
        var end = line.IndexOf(new string('`', ticks), i + ticks, StringComparison.Ordinal);
        return end < 0 ? (new string('`', ticks), ticks) : (line[i..(end + ticks)], end + ticks - i);
    }

    private static (string, int) Link(string line, int open, int before)
    {
        var close = line.IndexOf("](", open, Math.Min(MaxLink, line.Length - open), StringComparison.Ordinal);
        if (close < 0 || line.AsSpan(open + 1, close - open - 1).Contains('['))
            return ("", 0);
        var end = EndOfTarget(line, close + 2);
        if (end < 0)
            return ("", 0);
        var words = InlineText.Plain(line[(open + 1)..close]).Trim();
        var target = line[(close + 2)..end].Split(' ', 2)[0].Trim('<', '>');
        var bare = target.Replace("mailto:", "", StringComparison.Ordinal).Replace("tel:", "", StringComparison.Ordinal);
        var text = words.Length == 0 || words == bare || words == target ? bare : $"{words} ({bare})";
        return (bare.Length == 0 ? words : text, end - open + 1 + before);
    }

    // Addresses may hold brackets of their own.
    private static int EndOfTarget(string line, int start)
    {
        // Mostly there is no end at all, and that is found out quickly.
        if (line.IndexOf(')', start, Math.Min(MaxLink, line.Length - start)) < 0)
            return -1;
        var depth = 1;
        for (var i = start; i < line.Length && i < start + MaxLink; i++)
        {
            depth += line[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 0)
                return i;
        }
        return -1;
    }

    private static (string, int) Tag(string line, int i)
    {
        var end = line.IndexOf('>', i, Math.Min(MaxTag, line.Length - i));
        if (end < 0)
            return ("", 0);
        var inner = line[(i + 1)..end];
        if (inner.StartsWith("http", StringComparison.Ordinal) || inner.Contains('@', StringComparison.Ordinal))
            return (inner, end - i + 1);
        var sign = inner.Trim('/', ' ') switch
        {
            "b" or "strong" => "*",
            "i" or "em" => "_",
            "s" or "del" => "~",
            "p" or "u" or "span" or "div" or "ul" or "li" => " ",
            _ => "",
        };
        return (sign, sign.Length == 0 ? 0 : end - i + 1);
    }

    private static (string, int) Entity(string line, int i)
    {
        var end = line.IndexOf(';', i, Math.Min(MaxEntity, line.Length - i));
        if (end < 0)
            return ("", 0);
        var entity = line[i..(end + 1)];
        var decoded = WebUtility.HtmlDecode(entity);
        return decoded == entity ? ("", 0) : (decoded == "\u00a0" ? " " : decoded, entity.Length);
    }

    private static bool IsAddress(string line, int i) =>
        line.AsSpan(i).StartsWith("http://", StringComparison.Ordinal) || line.AsSpan(i).StartsWith("https://", StringComparison.Ordinal);

    private static (string, int) Address(string line, int i)
    {
        var end = i;
        while (end < line.Length && !char.IsWhiteSpace(line[end]) && line[end] is not ('<' or '>' or '"'))
            end++;
        // Emphasis around an address closes after it.
        while (end > i && line[end - 1] is '*' or '_' or '~' or '.' or ',' or ')' or '!' or '?' or ';')
            end--;
        return (line[i..end], end - i);
    }
}
