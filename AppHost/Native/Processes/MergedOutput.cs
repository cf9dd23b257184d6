namespace WpAsis.AppHost.Native.Processes;

/// <summary>One stream for everybody's lines, each with its speaker in front, in a colour of its own where a terminal shows it.</summary>
public sealed class MergedOutput(TextWriter writer, bool hasColour)
{
    private const string Reset = "\e[0m";
    private static readonly string[] Colours = ["\e[36m", "\e[32m", "\e[33m", "\e[35m", "\e[34m", "\e[91m", "\e[96m", "\e[92m"];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _prefixes = new(StringComparer.Ordinal);

    /// <summary>To the terminal, or plainly into a pipe; NO_COLOR is honoured.</summary>
    public static MergedOutput Console { get; } =
        new(System.Console.Out, !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>A line of a process.</summary>
    public void Write(string speaker, string line)
    {
        lock (_gate)
            writer.WriteLine(Prefix(speaker) + line);
    }

    /// <summary>A line of ours.</summary>
    public void Say(string line)
    {
        lock (_gate)
            writer.WriteLine(line);
    }

    private string Prefix(string speaker)
    {
        if (_prefixes.TryGetValue(speaker, out var prefix))
            return prefix;
        prefix = $"{speaker, -22} | ";
        if (hasColour)
            prefix = Colours[_prefixes.Count % Colours.Length] + prefix + Reset;
        _prefixes.Add(speaker, prefix);
        return prefix;
    }
}
