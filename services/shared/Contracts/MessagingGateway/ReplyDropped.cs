using System.Text.Json.Serialization;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>The reply was not sent, and will not be.</summary>
public sealed record ReplyDropped
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The reply.</summary>
    public required ReplyId ReplyId { get; init; }

    /// <summary>What is released; absent for notices.</summary>
    public UsageId? UsageId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>Why.</summary>
    public required DropReason Reason { get; init; }
}

/// <summary>Why a reply was not sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DropReason>))]
public enum DropReason
{
    /// <summary>The contact was erased.</summary>
    Erased,

    /// <summary>The contact said stop.</summary>
    OptedOut,

    /// <summary>A person took over.</summary>
    HumanInCharge,

    /// <summary>The question was taken back.</summary>
    Revoked,

    /// <summary>Its time to be sent had passed.</summary>
    TooLate,

    /// <summary>Meta's 24-hour window had closed.</summary>
    WindowClosed,

    /// <summary>The number's circuit is open.</summary>
    ChannelBlocked,

    /// <summary>Meta refused it for good.</summary>
    Refused,

    /// <summary>Its content no longer opens.</summary>
    Expired,

    /// <summary>Whether Meta took it never became known.</summary>
    Unknown,
}
