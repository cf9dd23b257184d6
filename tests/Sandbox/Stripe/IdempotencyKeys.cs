namespace WpAsis.Sandbox.Stripe;

/// <summary>What was answered under a key. The same key and parameters get it again, for a day; others are refused.</summary>
internal sealed class IdempotencyKeys(StripeTime clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private readonly Dictionary<string, KeptAnswer> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    public bool TryBegin(string? key)
    {
        lock (_underWay)
            return key is null || _underWay.Add(key);
    }

    public void End(string? key)
    {
        lock (_underWay)
            _underWay.Remove(key ?? "");
    }

    public KeptAnswer? Find(string? key, string path, string body)
    {
        if (key is null || !_answers.TryGetValue(key, out var kept) || kept.At + Life <= clock.GetUtcNow())
            return null;
        return kept.Path == path && kept.Request == body ? kept : throw StripeRefusal.KeyReused();
    }

    public void Keep(string? key, string path, string request, int status, string body)
    {
        if (key is not null)
            _answers[key] = new(path, request, status, body, clock.GetUtcNow());
    }

    public void Clear() => _answers.Clear();
}

internal sealed record KeptAnswer(string Path, string Request, int Status, string Body, DateTimeOffset At);
