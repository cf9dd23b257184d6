using System.Text.Json;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>All that several bodies hold, in order of arrival. It lives as long as the JSON it points into.</summary>
internal sealed class IntakeBatch : IDisposable
{
    private readonly List<JsonDocument> _documents = [];

    public List<IncomingItem> Items { get; } = [];

    public List<IncomingTrouble> Troubles { get; } = [];

    public void Keep(JsonDocument document) => _documents.Add(document);

    public void Dispose() => _documents.ForEach(document => document.Dispose());
}

/// <summary>One change of one entry: it names the number that its items belong to.</summary>
internal sealed class IncomingValue(IntakeBody body, string field, string phoneNumberId, JsonElement raw)
{
    public string Field { get; } = field;

    public string PhoneNumberId { get; } = phoneNumberId;

    public JsonElement Raw { get; } = raw;

    public DateTimeOffset ArrivedAt { get; } = body.ArrivedAt;

    public string? TraceParent { get; } = body.TraceParent;
}

/// <summary>One thing that happened. None of its kinds prints what it holds.</summary>
internal abstract class IncomingItem(IncomingValue value, JsonElement raw)
{
    public IncomingValue Value { get; } = value;

    public JsonElement Raw { get; } = raw;
}

/// <summary>A contact wrote, or the business did on its phone (an echo).</summary>
internal sealed class IncomingMessage(IncomingValue value, JsonElement raw) : IncomingItem(value, raw)
{
    public required Wamid Wamid { get; init; }

    /// <summary>The contact: who wrote, or to whom an echo went.</summary>
    public required ContactNames Who { get; init; }

    /// <summary>The kind in the log; more kinds are logged than published.</summary>
    public required string Kind { get; init; }

    /// <summary>What is published; null for what is only logged.</summary>
    public MessageKind? Published { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required bool SentAtUsable { get; init; }

    public bool IsEcho { get; init; }

    /// <summary>A user's message to the business alone: it opens the window.</summary>
    public bool OpensWindow { get; init; }

    /// <summary>It came by an ad.</summary>
    public bool HasReferral { get; init; }

    /// <summary>The message that an edit or a revoke is about.</summary>
    public Wamid? Concerns { get; init; }

    /// <summary>The message it answers.</summary>
    public Wamid? Quotes { get; init; }

    public KeyWord? KeyWord { get; init; }

    /// <summary>New names of the same person.</summary>
    public ContactNames? Becomes { get; init; }

    public IncomingMedia? Media { get; init; }

    public MessageId Id { get; set; }
}

/// <summary>Media that came with a message.</summary>
internal sealed class IncomingMedia(string metaId, string mimeType, string? sha256)
{
    public string MetaId { get; } = metaId;

    public string MimeType { get; } = mimeType;

    public string? Sha256 { get; } = sha256;
}

/// <summary>What became of a message of ours.</summary>
internal sealed class IncomingStatus(IncomingValue value, JsonElement raw) : IncomingItem(value, raw)
{
    public required Wamid Wamid { get; init; }

    public required MessageStatus Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Our id, where Meta gives it back.</summary>
    public MessageId? OurId { get; init; }

    public int? ErrorCode { get; init; }

    public MessagePricing? Pricing { get; init; }

    public required ContactNames Recipient { get; init; }
}

/// <summary>A contact wants no marketing messages, or wants them again.</summary>
internal sealed class IncomingPreference(IncomingValue value, JsonElement raw) : IncomingItem(value, raw)
{
    public required ContactNames Who { get; init; }

    public required bool Stops { get; init; }
}

/// <summary>A contact's names changed outside of a message.</summary>
internal sealed class IncomingLink(IncomingValue value, JsonElement raw) : IncomingItem(value, raw)
{
    public required ContactNames Before { get; init; }

    public required ContactNames After { get; init; }
}

/// <summary>What could not be understood or stored, and goes to quarantine: a body that can be taken in again as it is.</summary>
internal sealed class IncomingTrouble(string what, string reason, byte[] bytes, DateTimeOffset arrivedAt, string? traceParent)
{
    /// <summary>body, value or item.</summary>
    public string What { get; } = what;

    /// <summary>A word, never a quotation.</summary>
    public string Reason { get; } = reason;

    public byte[] Bytes { get; } = bytes;

    public DateTimeOffset ArrivedAt { get; } = arrivedAt;

    public string? TraceParent { get; } = traceParent;

    public TenantId? Tenant { get; init; }

    /// <summary>Meta's id of the business number, where the change named one.</summary>
    public string? PhoneNumberId { get; init; }

    public static IncomingTrouble Of(IntakeBody body, string reason) =>
        new("body", reason, body.Bytes.ToArray(), body.ArrivedAt, body.TraceParent);

    public static IncomingTrouble Of(IncomingItem item, string reason) => Of(item.Value, MemberOf(item), item.Raw, reason);

    /// <summary>One element of a value's member, in a body of its own.</summary>
    public static IncomingTrouble Of(IncomingValue value, string member, JsonElement item, string reason) =>
        new("item", reason, ReplayableBody.Of(value, member, item), value.ArrivedAt, value.TraceParent) { PhoneNumberId = Number(value) };

    public static IncomingTrouble Of(IncomingValue value, string reason) =>
        new("value", reason, ReplayableBody.Of(value), value.ArrivedAt, value.TraceParent) { PhoneNumberId = Number(value) };

    private static string? Number(IncomingValue value) => value.PhoneNumberId.Length == 0 ? null : value.PhoneNumberId;

    private static string MemberOf(IncomingItem item) =>
        item switch
        {
            IncomingMessage { IsEcho: true } => "message_echoes",
            IncomingMessage => "messages",
            IncomingStatus => "statuses",
            IncomingPreference => "user_preferences",
            IncomingLink => "user_id_update",
            _ => throw new InvalidOperationException($"{item.GetType().Name} came from nowhere."),
        };
}
