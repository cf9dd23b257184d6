using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Contracts.Identity;

/// <summary>A customer registered.</summary>
[NotPersonal("about a business")]
public sealed record TenantRegistered
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>ISO 3166 code, where given.</summary>
    [NotPersonal("a country")]
    public string? Country { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
