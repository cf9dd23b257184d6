namespace WpAsis.AppHost.Hosting;

/// <summary>
/// Secrets that nobody needs to know: passwords of roles and bus users, client secrets. On a developer's machine they are made once and
/// kept in the user secrets, as long as the volumes keep the data; a deployment's operator supplies them.
/// </summary>
internal sealed class GeneratedSecrets(IDistributedApplicationBuilder builder)
{
    private readonly Dictionary<string, ParameterResource> _made = new(StringComparer.Ordinal);

    /// <summary>The secret of that name, the same one for whoever asks.</summary>
    public ParameterResource Get(string name, string description)
    {
        if (_made.TryGetValue(name, out var known))
            return known;
        // Letters and digits only: it goes into addresses and connection strings.
        var value = new GenerateParameterDefault { MinLength = 32, Special = false };
        var made = builder.AddParameter(name, value, secret: true, persist: true).WithDescription(description).Resource;
        _made.Add(name, made);
        return made;
    }
}
