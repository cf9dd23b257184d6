using System.Security.Cryptography;
using System.Text.Json;

namespace WpAsis.EndToEnd.Tests.Rights;

/// <summary>The files of a copy, by name.</summary>
internal static class ArchiveFiles
{
    /// <summary>The four services are in it, and every file is the one that the manifest names.</summary>
    public static void Check(IReadOnlyDictionary<string, byte[]> files)
    {
        var manifest = JsonSerializer.Deserialize<JsonElement>(files["manifest.json"]);
        var named = manifest
            .GetProperty("files")
            .EnumerateArray()
            .ToDictionary(
                file => file.GetProperty("name").GetString()!,
                file => file.GetProperty("sha256").GetString(),
                StringComparer.Ordinal
            );
        named.Keys.ShouldBe(files.Keys.Where(name => name != "manifest.json"), ignoreOrder: true);
        named.Keys.Count(name => name.StartsWith("data/", StringComparison.Ordinal)).ShouldBe(4);
        foreach (var (name, hash) in named)
            Convert.ToHexStringLower(SHA256.HashData(files[name])).ShouldBe(hash, name);
    }
}
