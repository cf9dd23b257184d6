using System.Globalization;

namespace WpAsis.Sandbox.Stripe;

/// <summary>One call of the API, its parameters checked.</summary>
internal sealed class StripeCall(FormNode form, string id, string requestId, string? idempotencyKey)
{
    /// <summary>The id in the path.</summary>
    public string Id { get; } = id;

    public string RequestId { get; } = requestId;

    public string? IdempotencyKey { get; } = idempotencyKey;

    public IReadOnlyList<string> Expand => form["expand"]?.Values ?? [];

    public string? Text(string path) => form[path]?.Value is { Length: > 0 } value ? value : null;

    public string Required(string path, string? param = null) => Text(path) ?? throw StripeRefusal.Missing(param ?? path);

    public bool Has(string path) => form[path] is not null;

    public bool? Flag(string path) => Text(path) is { } value ? value == "true" : null;

    public long? Number(string path) => Text(path) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : null;

    public IReadOnlyList<string> Texts(string path) => form[path]?.Values ?? [];

    /// <summary>How many entries a list of objects has.</summary>
    public int Count(string path) => form[path]?.Children.Count ?? 0;

    /// <summary>Adds to metadata as Stripe does: an empty value takes the key out.</summary>
    public Dictionary<string, string> Metadata(Dictionary<string, string>? known = null, string path = "metadata")
    {
        var metadata = new Dictionary<string, string>(known ?? [], StringComparer.Ordinal);
        foreach (var (key, node) in form[path]?.Children ?? [])
        {
            if (node.Value is { Length: > 0 } value)
                metadata[key] = value;
            else
                metadata.Remove(key);
        }
        return metadata;
    }
}
