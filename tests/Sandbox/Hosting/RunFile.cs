using System.Text.Json;

namespace WpAsis.Sandbox.Hosting;

/// <summary>What Native wrote about the running system. It may not exist yet, so every question may have no answer.</summary>
internal sealed class RunFile(SandboxSettings settings)
{
    /// <summary>Reads the file as it is now; null while it is missing or half written.</summary>
    public JsonElement? Read()
    {
        if (settings.RunFile is not { Length: > 0 } path || !File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (Exception problem) when (problem is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Public URL of a service.</summary>
    public string? ServiceUrl(string service) => Read()?.Get("services")?.Get(service)?.Text("url");

    /// <summary>A text below <c>sandbox</c> or <c>demo</c>.</summary>
    public string? Value(string section, string name) => Read()?.Get(section)?.Text(name);

    /// <summary>Management URL of every replica of every service, with a name for people.</summary>
    public IReadOnlyList<(string Name, string Management)> Processes()
    {
        if (Read()?.Get("services") is not { ValueKind: JsonValueKind.Object } services)
            return [];
        var found = new List<(string, string)>();
        foreach (var service in services.EnumerateObject())
        {
            var replicas = service.Value.Items("replicas").ToList();
            if (replicas.Count == 0)
                replicas.Add(service.Value);
            for (var i = 0; i < replicas.Count; i++)
            {
                if (replicas[i].Text("management") is { Length: > 0 } management)
                    found.Add(($"{service.Name}/{i + 1}", management));
            }
        }
        return found;
    }
}
