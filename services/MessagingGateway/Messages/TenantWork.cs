using System.Runtime.InteropServices;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Where a wamid leads: to a message of ours and its day.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyedMessage(MessageId Id, DateTimeOffset ArrivedAt);

/// <summary>A wamid of a number, as it can be looked for.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WamidKey(string PhoneNumberId, Hash256 Hmac);

/// <summary>A number's way to its customer.</summary>
internal sealed record NumberRoute(TenantId Tenant, ChannelId Channel, bool Connected, WindowClass Window);

/// <summary>What one transaction does for one tenant.</summary>
internal sealed class TenantWork(TenantId tenant, WindowClass window)
{
    public TenantId Tenant { get; } = tenant;

    public WindowClass Window { get; } = window;

    /// <summary>
    /// Messages that were not taken in before, and changed names, in order of arrival: a new name is known to what follows.
    /// </summary>
    public List<(IncomingItem Item, ChannelId? Channel)> Named { get; } = [];

    public List<IncomingStatus> Statuses { get; } = [];

    public List<IncomingPreference> Preferences { get; } = [];
}

/// <summary>What a transaction says on the bus.</summary>
internal sealed class BatchMessages
{
    public List<ReceivedMessage> Received { get; } = [];

    public List<ThreadChanged> Changed { get; } = [];

    public List<HumanReplied> Human { get; } = [];

    public List<MessageStatusChanged> Statuses { get; } = [];

    public List<SubjectProved> Proved { get; } = [];
}

/// <summary>Finds the messages that others refer to.</summary>
internal sealed class References(Dictionary<WamidKey, KeyedMessage> known, Func<IncomingItem, Privacy.Values.Wamid, WamidKey> keyOf)
{
    public KeyedMessage? Find(IncomingItem item, Privacy.Values.Wamid? wamid) =>
        wamid is { } id && known.TryGetValue(keyOf(item, id), out var message) ? message : null;

    /// <summary>Column <c>wamid_hmac</c>.</summary>
    public WamidKey KeyOf(IncomingItem item, Privacy.Values.Wamid wamid) => keyOf(item, wamid);
}
