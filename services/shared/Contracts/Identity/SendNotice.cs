using System.Text.Json.Serialization;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Identity;

/// <summary>Send a mail to an account, or to a tenant's owners. Identity renders it and knows the addresses.</summary>
public sealed record SendNotice
{
    /// <summary>The customer; absent when the subject is an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>The sender's; makes it idempotent.</summary>
    public required NoticeId NoticeId { get; init; }

    /// <summary>The account; absent for the tenant's owners.</summary>
    public DataSubjectId? SubjectId { get; init; }

    /// <summary>From a closed list.</summary>
    public required NoticeKind Notice { get; init; }

    /// <summary>Numbers and dates to fill in; never personal data.</summary>
    [NotPersonal("numbers, dates and plan names")]
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>A relative link into the console.</summary>
    [NotPersonal("a path")]
    public string? Link { get; init; }
}

/// <summary>The mails that exist.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>Confirm an address.</summary>
    ConfirmEmail,

    /// <summary>The account is ready.</summary>
    Welcome,

    /// <summary>The plan's answers are used up.</summary>
    QuotaExhausted,

    /// <summary>The trial ends soon.</summary>
    TrialEnding,

    /// <summary>The trial is over.</summary>
    TrialEnded,

    /// <summary>A payment failed; answers go on for a while.</summary>
    PaymentFailed,

    /// <summary>Nobody pays for the plan any more: answers have stopped.</summary>
    PlanStopped,

    /// <summary>A number's circuit is open.</summary>
    ChannelNeedsAttention,

    /// <summary>An answer could not be given in time.</summary>
    TurnLate,

    /// <summary>A contact needs a person.</summary>
    HandOverRequested,

    /// <summary>A sign-in from a new device.</summary>
    NewSignIn,

    /// <summary>Somebody registered with an address that has an account.</summary>
    AlreadyRegistered,
}
