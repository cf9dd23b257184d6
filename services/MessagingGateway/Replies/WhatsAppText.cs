using System.Text;
using System.Text.RegularExpressions;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// Turns the Markdown that models write into what WhatsApp shows: <c>*bold* _italic_ ~strike~</c>, code, quotes, lists.
/// Headings become bold lines, tables become lines, links stand beside their words. This class goes by lines,
/// <see cref="InlineText"/> within them.
/// </summary>
internal static partial class WhatsAppText
{
    private const RegexOptions Fast = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>Converts a whole answer.</summary>
    public static string FromMarkdown(string markdown)
    {
        var lines = Clean(markdown).Split('\n');
        var text = new StringBuilder(markdown.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (IsFence(line))
                i = CopyCode(lines, i, text);
            else if (IsTable(lines, i))
                i = FlattenTable(lines, i, text);
            else if (!Rule().IsMatch(line))
                text.Append(Line(line)).Append('\n');
        }
        return ManyBreaks().Replace(text.ToString(), "\n\n").Trim();
    }

    /// <summary>A block that the contact can copy as it is.</summary>
    public static string CopyBlock(string text) => text.Contains('`', StringComparison.Ordinal) ? text : "```" + Clean(text).Trim() + "```";

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text.ReplaceLineEndings("\n"))
        {
            if (!char.IsControl(letter) || letter is '\n' or '\t')
                clean.Append(letter);
        }
        return LineBreakTag().Replace(clean.ToString(), "\n");
    }

    private static string Line(string line)
    {
        var indent = line.Length - line.AsSpan().TrimStart().Length;
        var content = line[indent..];
        if (Heading().Match(content) is { Success: true } heading)
            return HeadingLine(heading.Groups["text"].Value);
        if (content.StartsWith('>'))
            return "> " + Line(content.TrimStart('>', ' '));
        if (Bullet().Match(content) is { Success: true } bullet)
            return (indent >= 2 ? "  • " : "- ") + InlineText.Convert(Task(bullet.Groups["text"].Value));
        if (Numbered().Match(content) is { Success: true } numbered)
            return (indent >= 2 ? "  " : "") + numbered.Groups["number"].Value + ". " + InlineText.Convert(numbered.Groups["text"].Value);
        return InlineText.Convert(content);
    }

    // Bold within a bold heading would close it.
    private static string HeadingLine(string heading)
    {
        var plain = InlineText.Plain(heading.TrimEnd('#', ' '));
        return plain.Length == 0 ? "" : "*" + plain + "*";
    }

    private static string Task(string item) =>
        item.StartsWith("[ ] ", StringComparison.Ordinal) ? "☐ " + item[4..]
        : item.StartsWith("[x] ", StringComparison.OrdinalIgnoreCase) ? "☑ " + item[4..]
        : item;

    private static bool IsFence(string line) =>
        line.AsSpan().TrimStart().StartsWith("```", StringComparison.Ordinal)
        && line.Trim().IndexOf("```", 3, StringComparison.Ordinal) < 0;

    private static int CopyCode(string[] lines, int start, StringBuilder text)
    {
        var end = start + 1;
        while (end < lines.Length && !lines[end].AsSpan().Trim().SequenceEqual("```"))
            end++;
        var code = string.Join('\n', lines[(start + 1)..Math.Min(end, lines.Length)]).Trim('\n');
        if (code.Length > 0)
            text.Append("```").Append(code).Append("```\n");
        return end;
    }

    private static bool IsTable(string[] lines, int i) =>
        lines[i].Contains('|', StringComparison.Ordinal) && i + 1 < lines.Length && TableRule().IsMatch(lines[i + 1]);

    private static int FlattenTable(string[] lines, int start, StringBuilder text)
    {
        var header = Cells(lines[start]);
        var i = start + 2;
        for (; i < lines.Length && lines[i].Contains('|', StringComparison.Ordinal); i++)
            text.Append("- ").Append(Row(header, Cells(lines[i]))).Append('\n');
        return i - 1;
    }

    private static string Row(List<string> header, List<string> cells)
    {
        if (cells.Count <= 1)
            return cells.Count == 0 ? "" : cells[0];
        if (cells.Count == 2)
            return cells[0] + ": " + cells[1];
        var named = cells
            .Skip(1)
            .Select((cell, i) => header.Count > i + 1 && header[i + 1].Length > 0 ? header[i + 1] + " " + cell : cell)
            .Where(cell => cell.Length > 0);
        return cells[0] + ": " + string.Join(", ", named);
    }

    private static List<string> Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => InlineText.Plain(cell.Trim()))];

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.*)$", Fast)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[-*+•]\s+(?<text>.*)$", Fast)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^(?<number>\d{1,9})[.)]\s+(?<text>.*)$", Fast)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\s{0,3}(-\s*-\s*-[-\s]*|\*\s*\*\s*\*[*\s]*|_\s*_\s*_[_\s]*|={3,}\s*)$", Fast)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$", Fast)]
    private static partial Regex TableRule();

    [GeneratedRegex(@"\n{3,}", Fast)]
    private static partial Regex ManyBreaks();

    [GeneratedRegex(@"<br\s*/?>", Fast | RegexOptions.IgnoreCase)]
    private static partial Regex LineBreakTag();
}
