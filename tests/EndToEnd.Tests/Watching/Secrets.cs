using System.Collections.Concurrent;
using System.Text.Json;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>Everything that was said in a run, by whom, and every token: nobody may find it where it does not belong.</summary>
public sealed class Secrets
{
    // Shorter ones would be found by chance.
    private const int Shortest = 8;

    // Meta's ids of business numbers and accounts are not personal.
    private static readonly string[] Open = ["demo-phone-number-id", "demo-waba-id", "demo-display-phone-number"];
    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Each secret with what it is.</summary>
    public IReadOnlyDictionary<string, string> All => _secrets;

    public void Add(string what, string secret)
    {
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length >= Shortest))
            _secrets.TryAdd(line, what);
    }

    /// <summary>Passwords and keys that Native made for this system.</summary>
    public void AddFile(string path)
    {
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!)
        {
            if (!Open.Contains(name, StringComparer.Ordinal))
                Add(name, value);
        }
    }
}
