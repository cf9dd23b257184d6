namespace WpAsis.Sandbox.Stripe;

/// <summary>A form as Stripe's clients write it: <c>line_items[0][price]=…</c> is a tree.</summary>
internal sealed class FormNode
{
    private const int Deepest = 10;
    private const int Most = 1000;

    public string? Value { get; private set; }

    public SortedDictionary<string, FormNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>The node at <c>line_items.0.price</c>; null where there is none.</summary>
    public FormNode? this[string path]
    {
        get
        {
            var node = this;
            foreach (var name in path.Split('.'))
            {
                if (!node.Children.TryGetValue(name, out var child))
                    return null;
                node = child;
            }
            return node;
        }
    }

    /// <summary>Values of a list, in order.</summary>
    public IReadOnlyList<string> Values => [.. Children.Values.Select(child => child.Value ?? "")];

    public static FormNode Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var root = new FormNode();
        foreach (var (key, value) in pairs.Take(Most))
        {
            var node = root;
            foreach (var name in Names(key).Take(Deepest))
            {
                // "expand[]=x": the next place in the list.
                var child = name.Length > 0 ? name : node.Children.Count.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
                if (!node.Children.TryGetValue(child, out var next))
                    node.Children[child] = next = new FormNode();
                node = next;
            }
            node.Value = value;
        }
        return root;
    }

    private static IEnumerable<string> Names(string key)
    {
        var open = key.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
            return [key];
        return [key[..open], .. key[(open + 1)..].TrimEnd(']').Split("][")];
    }
}
