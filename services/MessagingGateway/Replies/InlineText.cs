using System.Text;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Emphasis, links, code and escapes within one line. Linear in the line: an odd text must not cost seconds.</summary>
internal static class InlineText
{
    private enum Mark
    {
        None,
        Bold,
        Italic,
        BoldItalic,
        Strike,
    }

    /// <summary>WhatsApp's form of a line of Markdown.</summary>
    public static string Convert(string line) => Render(Pair(Tokens(line)), marks: true);

    /// <summary>The words of a line without any emphasis.</summary>
    public static string Plain(string line) => Render(Pair(Tokens(line)), marks: false);

    private static List<Token> Tokens(string line)
    {
        var tokens = new List<Token>();
        var words = new StringBuilder();
        for (var i = 0; i < line.Length; )
        {
            if (InlineLiteral.TryRead(line, i, out var literal, out var length))
            {
                words.Append(literal);
                i += length;
                continue;
            }
            if (line[i] is not ('*' or '_' or '~'))
            {
                words.Append(line[i++]);
                continue;
            }
            var run = RunLength(line, i);
            tokens.Add(Token.Words(words));
            tokens.Add(Delimiter(line, i, run));
            i += run;
        }
        tokens.Add(Token.Words(words));
        return tokens;
    }

    private static int RunLength(string line, int i)
    {
        var end = i;
        while (end < line.Length && line[end] == line[i])
            end++;
        return end - i;
    }

    private static Token Delimiter(string line, int at, int run)
    {
        var before = at == 0 ? ' ' : line[at - 1];
        var after = at + run >= line.Length ? ' ' : line[at + run];
        var left = !char.IsWhiteSpace(after) && (!IsPunctuation(after) || char.IsWhiteSpace(before) || IsPunctuation(before));
        var right = !char.IsWhiteSpace(before) && (!IsPunctuation(before) || char.IsWhiteSpace(after) || IsPunctuation(after));
        var inWord = char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after);
        // snake_case is a name, not emphasis.
        if (line[at] == '_' && inWord)
            (left, right) = (false, false);
        return new Token(new string(line[at], run), run)
        {
            Opens = left,
            Closes = right,
            TouchesWord = (left && char.IsLetterOrDigit(before)) || (right && char.IsLetterOrDigit(after)),
        };
    }

    private static bool IsPunctuation(char letter) => char.IsPunctuation(letter) || char.IsSymbol(letter);

    // Runs pair only with runs of their own letter and length: that is how models write, and it needs one pass.
    private static List<Token> Pair(List<Token> tokens)
    {
        var open = new Dictionary<string, Stack<int>>(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Run == 0 || MarkOf(token.Text) is Mark.None)
                continue;
            var stack = open.TryGetValue(token.Text, out var known) ? known : open[token.Text] = new();
            if (token.Closes && stack.TryPop(out var opener))
            {
                var visible = !(tokens[opener].TouchesWord || token.TouchesWord);
                tokens[opener].Become(MarkOf(token.Text), visible, opens: true);
                token.Become(MarkOf(token.Text), visible, opens: false);
                ForgetAfter(open, opener);
            }
            else if (token.Opens)
                stack.Push(i);
        }
        return tokens;
    }

    // What opened inside a closed pair can't close outside of it.
    private static void ForgetAfter(Dictionary<string, Stack<int>> open, int opener)
    {
        foreach (var stack in open.Values)
        {
            while (stack.TryPeek(out var inner) && inner > opener)
                stack.Pop();
        }
    }

    private static Mark MarkOf(string run) =>
        run switch
        {
            "**" or "__" => Mark.Bold,
            "*" or "_" => Mark.Italic,
            "~" or "~~" => Mark.Strike,
            "***" or "___" => Mark.BoldItalic,
            _ => Mark.None,
        };

    private static string Render(List<Token> tokens, bool marks)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.Run == 0)
                text.Append(token.Text);
            else if (token.IsPaired)
                text.Append(marks && token.IsVisible ? Sign(token.Kind, token.IsOpener) : "");
            // A lone ** is a slip of the model; nobody wants to see it.
            else if (token.Run < 2 || !(token.Opens || token.Closes))
                text.Append(token.Text);
        }
        return text.ToString();
    }

    private static string Sign(Mark mark, bool opens) =>
        mark switch
        {
            Mark.Bold => "*",
            Mark.Italic => "_",
            Mark.Strike => "~",
            Mark.BoldItalic => opens ? "*_" : "_*",
            _ => "",
        };

    private sealed class Token(string text, int run)
    {
        public string Text { get; } = text;

        public int Run { get; } = run;

        public bool Opens { get; init; }

        public bool Closes { get; init; }

        public bool TouchesWord { get; init; }

        public bool IsPaired { get; private set; }

        public bool IsVisible { get; private set; }

        public bool IsOpener { get; private set; }

        public Mark Kind { get; private set; }

        public static Token Words(StringBuilder words)
        {
            var token = new Token(words.ToString(), 0);
            words.Clear();
            return token;
        }

        public void Become(Mark mark, bool visible, bool opens) => (Kind, IsVisible, IsOpener, IsPaired) = (mark, visible, opens, true);
    }
}
