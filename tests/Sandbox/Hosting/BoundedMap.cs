using System.Diagnostics.CodeAnalysis;

namespace WpAsis.Sandbox.Hosting;

/// <summary>A dictionary that forgets its oldest entries beyond a limit.</summary>
internal sealed class BoundedMap<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly Queue<TKey> _order = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
            return _values.TryGetValue(key, out value);
    }

    public TValue GetOrAdd(TKey key, Func<TValue> make)
    {
        lock (_lock)
        {
            if (_values.TryGetValue(key, out var known))
                return known;
            var made = make();
            Insert(key, made);
            return made;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_values.ContainsKey(key))
                _values[key] = value;
            else
                Insert(key, value);
        }
    }

    public IReadOnlyList<TValue> Values()
    {
        lock (_lock)
            return [.. _values.Values];
    }

    public void Clear()
    {
        lock (_lock)
        {
            _values.Clear();
            _order.Clear();
        }
    }

    private void Insert(TKey key, TValue value)
    {
        _values.Add(key, value);
        _order.Enqueue(key);
        while (_order.Count > capacity)
            _values.Remove(_order.Dequeue());
    }
}
