using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>A contact sent the code of a data-subject request from their own WhatsApp.</summary>
public sealed record SubjectProved
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId SubjectId { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>SHA-256 of the code.</summary>
    [NotPersonal("hash of a random code")]
    public required string CodeHash { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
