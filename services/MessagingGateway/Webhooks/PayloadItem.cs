using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Who a message is from or to, by every name Meta gives. A number is optional.</summary>
internal sealed record PersonNames(WaId? WaId, BusinessScopedUserId? UserId, BusinessScopedUserId? ParentUserId, Username? Username)
{
    public bool IsNobody => WaId is null && UserId is null && ParentUserId is null && Username is null;

    public PersonNames With(PersonNames other) =>
        new(WaId ?? other.WaId, UserId ?? other.UserId, ParentUserId ?? other.ParentUserId, Username ?? other.Username);
}

/// <summary>One thing in a webhook, with the number it arrived at and the webhook it came in.</summary>
internal abstract record PayloadItem
{
    public required string? PhoneNumberId { get; init; }
    public required string WabaId { get; init; }

    /// <summary>The item's own JSON: what goes to quarantine when it can't be stored.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }
    public required IntakeOrigin Origin { get; init; }
}

/// <summary>The webhook an item came in.</summary>
internal sealed record IntakeOrigin(Guid IntakeId, DateTimeOffset ArrivedAt, string? TraceParent);

/// <summary>A contact wrote, reacted, edited or took back.</summary>
internal sealed record InboundItem : PayloadItem
{
    public required PersonNames From { get; init; }
    public string? DisplayName { get; init; }
    public required Wamid Wamid { get; init; }

    /// <summary>Our word for the kind; a published one equals <c>MessageKind</c>.</summary>
    public required string Kind { get; init; }
    public string? Timestamp { get; init; }
    public Wamid? Concerns { get; init; }
    public Wamid? Quoted { get; init; }
    public bool IsGroup { get; init; }

    /// <summary>Came through an ad: the window is 72 hours.</summary>
    public bool HasReferral { get; init; }

    /// <summary>The words as JSON, without ids of ours; null for kinds without words.</summary>
    public byte[]? Words { get; init; }

    /// <summary>The bare text, for key words.</summary>
    public string? Text { get; init; }
    public IReadOnlyList<PayloadMedia> Media { get; init; } = [];
}

/// <summary>Media that arrived, by Meta's id.</summary>
internal sealed record PayloadMedia(string Id, string MimeType, string? Sha256);

/// <summary>The owner typed on the business's phone.</summary>
internal sealed record EchoItem : PayloadItem
{
    public required PersonNames To { get; init; }
    public required Wamid Wamid { get; init; }
    public required string Kind { get; init; }
    public string? Timestamp { get; init; }

    /// <summary>Something was sent; an edit or a delete takes nothing over.</summary>
    public required bool WasSent { get; init; }
    public byte[]? Words { get; init; }
}

/// <summary>Delivery of a message moved on.</summary>
internal sealed record StatusItem : PayloadItem
{
    public required Wamid Wamid { get; init; }
    public required string Status { get; init; }
    public string? Timestamp { get; init; }

    /// <summary>Our id, where the message was ours.</summary>
    public string? CallbackData { get; init; }
    public int? ErrorCode { get; init; }
    public PayloadPricing? Pricing { get; init; }
}

/// <summary>What Meta charges.</summary>
internal sealed record PayloadPricing(bool Billable, string? Model, string? Type, string? Category);

/// <summary>A person is known by new names from now on.</summary>
internal sealed record RenamedItem : PayloadItem
{
    public required PersonNames Before { get; init; }
    public required PersonNames After { get; init; }
}

/// <summary>A person wants marketing, or no more of it. Answers are not touched.</summary>
internal sealed record PreferenceItem : PayloadItem
{
    public required PersonNames Person { get; init; }
    public required bool Stop { get; init; }
}

/// <summary>Recorded and acknowledged: calls, account and template changes, fields nobody knows.</summary>
internal sealed record OtherItem : PayloadItem
{
    public required string Kind { get; init; }
    public int Count { get; init; } = 1;
}

/// <summary>Can't be used; its neighbours can.</summary>
internal sealed record BadItem : PayloadItem
{
    public required string Reason { get; init; }
}

/// <summary>The words that a part of the gateway needs of <see cref="WindowClass"/>.</summary>
internal static class WindowClasses
{
    public static WindowClass Of(int hours) => Enum.IsDefined((WindowClass)hours) ? (WindowClass)hours : WindowClass.Hours24;
}
