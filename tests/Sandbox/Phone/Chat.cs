using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using WpAsis.Sandbox.Graph;

namespace WpAsis.Sandbox.Phone;

/// <summary>Ticks on a contact's own message.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BubbleState>))]
internal enum BubbleState
{
    Sending,
    Retrying,
    Delivered,
    Read,
}

/// <summary>One message as the phone shows it.</summary>
internal sealed record Bubble(string Id, bool Mine, string Type, string? Text, DateTimeOffset At)
{
    public BubbleState State { get; set; }

    public string? MediaId { get; init; }

    /// <summary>What stands below the key of the type, on its way in or out.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>What a contact and a business number wrote to each other, and who is looking at it.</summary>
internal sealed class Chat(string key, string phoneNumberId, Person person)
{
    private const int Kept = 200;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Lock _lock = new();
    private readonly List<Bubble> _bubbles = [];
    private readonly List<Channel<string>> _readers = [];

    /// <summary>Names the chat in URLs instead of the person.</summary>
    public string Key { get; } = key;

    public string PhoneNumberId { get; } = phoneNumberId;

    public Person Person { get; } = person;

    /// <summary>Opens the 24-hour window; null: never seen.</summary>
    public DateTimeOffset? LastInboundAt { get; set; }

    /// <summary>Somebody looks at the phone page of this chat.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _readers.Count > 0;
        }
    }

    public IReadOnlyList<Bubble> Bubbles()
    {
        lock (_lock)
            return [.. _bubbles];
    }

    public void Add(Bubble bubble)
    {
        lock (_lock)
        {
            _bubbles.Add(bubble);
            if (_bubbles.Count > Kept)
                _bubbles.RemoveAt(0);
            Tell("message", bubble);
        }
    }

    public void Tick(Bubble bubble, BubbleState state)
    {
        lock (_lock)
        {
            // Meta may mark as read before its own repeated webhook is answered.
            if (bubble.State == BubbleState.Read || bubble.State == state)
                return;
            bubble.State = state;
            Tell("tick", new { id = bubble.Id, state });
        }
    }

    /// <summary>Reading a message reads the ones before it.</summary>
    public void ReadUpTo(string wamid)
    {
        lock (_lock)
        {
            var last = _bubbles.FindIndex(bubble => bubble.Id == wamid);
            foreach (var bubble in _bubbles.Take(last + 1).Where(bubble => bubble.Mine))
                Tick(bubble, BubbleState.Read);
        }
    }

    public void Typing()
    {
        lock (_lock)
            Tell("typing", new { seconds = 25 });
    }

    /// <summary>Everything from now on; the first item holds what was said before.</summary>
    public Channel<string> Open()
    {
        var reader = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _readers.Add(reader);
            reader.Writer.TryWrite(Write("history", new { bubbles = _bubbles }));
        }
        return reader;
    }

    public void Close(Channel<string> reader)
    {
        lock (_lock)
            _readers.Remove(reader);
    }

    public void Forget()
    {
        lock (_lock)
        {
            _bubbles.Clear();
            LastInboundAt = null;
            Tell("history", new { bubbles = _bubbles });
        }
    }

    private void Tell(string kind, object what)
    {
        if (_readers.Count == 0)
            return;
        var text = Write(kind, what);
        foreach (var reader in _readers)
            reader.Writer.TryWrite(text);
    }

    private static string Write(string kind, object what) => JsonSerializer.Serialize(new { kind, what }, Json);
}
