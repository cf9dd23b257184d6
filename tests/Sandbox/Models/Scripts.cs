using System.Text.Json;
using System.Text.RegularExpressions;

namespace WpAsis.Sandbox.Models;

/// <summary>An answer that a test wants given.</summary>
internal sealed record Script
{
    /// <summary>Substring of the last user text, or <c>/expression/</c>. Absent: every call.</summary>
    public string? Match { get; init; }

    /// <summary>A text, or the object that the model answers with.</summary>
    public JsonElement Answer { get; init; }

    public int DelayMs { get; init; }

    /// <summary>Absent: until reset.</summary>
    public int? Times { get; init; }

    /// <summary>True: the object goes out as it is; otherwise fields of the schema that it lacks are filled.</summary>
    public bool Exact { get; init; }

    /// <summary><c>chat</c> (default) or <c>transcription</c>.</summary>
    public string? Target { get; init; }
}

/// <summary>Scripted answers in the order in which they were given.</summary>
internal sealed class Scripts
{
    private const int Limit = 10_000;
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly List<(Script Script, Regex? Expression, int Used)> _scripts = [];

    public string? Add(Script script)
    {
        if (script.Answer.ValueKind is not (JsonValueKind.Object or JsonValueKind.String))
            return "answer is a text or an object";
        Regex? expression = null;
        if (script.Match is ['/', .. var pattern, '/'])
        {
            try
            {
                expression = new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit);
            }
            catch (ArgumentException problem)
            {
                return problem.Message;
            }
        }
        lock (_lock)
        {
            if (_scripts.Count >= Limit)
                return $"at most {Limit} scripts";
            _scripts.Add((script, expression, 0));
        }
        return null;
    }

    public Script? Take(string target, string text)
    {
        lock (_lock)
        {
            for (var i = 0; i < _scripts.Count; i++)
            {
                var (script, expression, used) = _scripts[i];
                if ((script.Target ?? "chat") != target || used >= (script.Times ?? int.MaxValue) || !Matches(script, expression, text))
                    continue;
                _scripts[i] = (script, expression, used + 1);
                return script;
            }
        }
        return null;
    }

    public void Clear()
    {
        lock (_lock)
            _scripts.Clear();
    }

    private static bool Matches(Script script, Regex? expression, string text) =>
        expression?.IsMatch(text) ?? (script.Match is null || text.Contains(script.Match, StringComparison.OrdinalIgnoreCase));
}
