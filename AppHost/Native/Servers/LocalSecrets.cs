using System.Security.Cryptography;
using System.Text.Json;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>Passwords and keys of one clone, each made once and kept in a file that only its owner reads.</summary>
public sealed class LocalSecrets
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _path;
    private readonly SortedDictionary<string, string> _values;

    /// <param name="path">The file; made with the first secret.</param>
    public LocalSecrets(string path)
    {
        _path = path;
        _values = File.Exists(path)
            ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path))!
            : new SortedDictionary<string, string>(StringComparer.Ordinal);
    }

    /// <summary>A secret of 256 bits, safe in connection strings and addresses.</summary>
    public string Get(string name) => Get(name, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    /// <summary>A secret of a form of its own.</summary>
    public string Get(string name, Func<string> create)
    {
        lock (_values)
        {
            if (_values.TryGetValue(name, out var value))
                return value;
            value = create();
            _values.Add(name, value);
            PrivateFolder.Write(_path, JsonSerializer.Serialize(_values, Indented));
            return value;
        }
    }
}
