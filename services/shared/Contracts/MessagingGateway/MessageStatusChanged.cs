using System.Text.Json.Serialization;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>Delivery of a sent message moved on.</summary>
public sealed record MessageStatusChanged
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The message.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Where it stands.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>Meta's time of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What Meta charges, where it said so.</summary>
    public MessagePricing? Pricing { get; init; }
}

/// <summary>Delivery state; it never goes back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageStatus>))]
public enum MessageStatus
{
    /// <summary>Waiting here.</summary>
    Queued,

    /// <summary>Meta took it.</summary>
    Accepted,

    /// <summary>On its way.</summary>
    Sent,

    /// <summary>On the phone.</summary>
    Delivered,

    /// <summary>Read.</summary>
    Read,

    /// <summary>Listened to.</summary>
    Played,

    /// <summary>Not delivered.</summary>
    Failed,
}

/// <summary>What Meta charges for a message.</summary>
public sealed record MessagePricing
{
    /// <summary>Whether it is charged.</summary>
    public required bool Billable { get; init; }

    /// <summary>CBP or PMP.</summary>
    [NotPersonal("Meta's word")]
    public string? Model { get; init; }

    /// <summary>regular, free_customer_service, free_entry_point.</summary>
    [NotPersonal("Meta's word")]
    public string? Type { get; init; }

    /// <summary>service, utility, marketing and so on.</summary>
    [NotPersonal("Meta's word")]
    public string? Category { get; init; }
}
