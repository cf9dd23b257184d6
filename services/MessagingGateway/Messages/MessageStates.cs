using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>What one transaction learned about one sent message: the first time of each state, and its price.</summary>
internal sealed class MessageStates(KeyedMessage message)
{
    private readonly Dictionary<MessageStatus, DateTimeOffset> _at = [];

    public KeyedMessage Message { get; } = message;

    public ThreadId? Thread { get; set; }

    public DataSubjectId Subject { get; set; }

    public int? ErrorCode { get; private set; }

    public MessagePricing? Pricing { get; private set; }

    /// <summary>Meta's id, where it is not known here yet.</summary>
    public WamidKey? NewKey { get; private set; }

    public Wamid Wamid { get; private set; }

    public byte[]? SealedWamid { get; set; }

    /// <summary>The earliest of the times: by then it had been taken.</summary>
    public DateTimeOffset First => _at.Values.Min();

    public DateTimeOffset? At(MessageStatus status) => _at.TryGetValue(status, out var at) ? at : null;

    public void Add(IncomingStatus status, WamidKey? newKey)
    {
        if (!_at.TryGetValue(status.Status, out var before) || status.At < before)
            _at[status.Status] = status.At;
        ErrorCode ??= status.ErrorCode;
        Pricing ??= status.Pricing;
        if (newKey is not null)
            (NewKey, Wamid) = (newKey, status.Wamid);
    }
}
