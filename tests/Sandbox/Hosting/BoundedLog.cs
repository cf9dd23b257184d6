namespace WpAsis.Sandbox.Hosting;

/// <summary>A numbered list that drops its oldest entries beyond a limit. Numbers start at 1, and again when it is cleared.</summary>
internal sealed class BoundedLog<T>(int capacity, long weightLimit = long.MaxValue, Func<T, long>? weight = null)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long Index, T Item)> _items = new();
    private long _last;
    private long _weight;

    /// <summary>How many were ever added since the last clear.</summary>
    public long Total
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    public long Add(Func<long, T> make)
    {
        lock (_lock)
        {
            var item = make(++_last);
            _items.Enqueue((_last, item));
            _weight += WeightOf(item);
            while (_items.Count > capacity || (_weight > weightLimit && _items.Count > 1))
                _weight -= WeightOf(_items.Dequeue().Item);
            return _last;
        }
    }

    /// <summary>Entries with a number above <paramref name="after"/>, oldest first.</summary>
    public IReadOnlyList<T> After(long after, int limit)
    {
        lock (_lock)
        {
            if (_items.Count == 0 || after >= _last)
                return [];
            var skip = (int)Math.Max(0, after - _items.Peek().Index + 1);
            return [.. _items.Skip(skip).Take(limit).Select(entry => entry.Item)];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _items.Clear();
            _last = 0;
            _weight = 0;
        }
    }

    private long WeightOf(T item) => weight?.Invoke(item) ?? 0;
}
