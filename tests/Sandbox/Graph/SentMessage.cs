using System.Text.Json;
using System.Text.Json.Serialization;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>A message of the business that the Graph API accepted.</summary>
internal sealed class SentMessage
{
    public required long Index { get; init; }

    public required string Wamid { get; init; }

    public required string PhoneNumberId { get; init; }

    public string? To { get; init; }

    public string? Recipient { get; init; }

    public required string Type { get; init; }

    public string? Text { get; init; }

    public required JsonElement Body { get; init; }

    public string? CallbackData { get; init; }

    /// <summary>The caller's trace, if it told us: it should not.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>accepted, sent, delivered, read or failed.</summary>
    public string Status { get; set; } = "accepted";

    [JsonIgnore]
    public string ConversationId { get; } = RandomIds.Hex(32);
}

/// <summary>A contact's message that the business marked as read.</summary>
internal sealed record ReadMark(long Index, string PhoneNumberId, string Wamid, bool Known, bool Typing, DateTimeOffset At);

/// <summary>All that the Graph API was asked to do, in memory and bounded.</summary>
internal sealed class GraphRecords
{
    private readonly BoundedMap<string, SentMessage> _byWamid = new(20_000);
    private long _refused;

    public BoundedLog<SentMessage> Sent { get; } = new(100_000, 256L * 1024 * 1024, message => message.Text?.Length * 4 ?? 500);

    public BoundedLog<ReadMark> Reads { get; } = new(100_000);

    public long Refused => Interlocked.Read(ref _refused);

    public SentMessage Add(Func<long, SentMessage> make)
    {
        SentMessage? message = null;
        Sent.Add(index => message = make(index));
        _byWamid.Set(message!.Wamid, message);
        return message;
    }

    public SentMessage? Find(string wamid) => _byWamid.TryGet(wamid, out var message) ? message : null;

    public void CountRefusal() => Interlocked.Increment(ref _refused);

    public void Clear()
    {
        Sent.Clear();
        Reads.Clear();
        _byWamid.Clear();
        Interlocked.Exchange(ref _refused, 0);
    }
}
