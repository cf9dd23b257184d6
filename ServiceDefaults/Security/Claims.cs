using System.Security.Claims;
using WpAsis.Privacy.Ids;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>Claims of identity's tokens, and how they are read. The tenant comes from here and from nowhere else.</summary>
public static class Claims
{
    /// <summary>The tenant a member acts for.</summary>
    public const string TenantId = "tenant_id";

    /// <summary>The session.</summary>
    public const string SessionId = "sid";

    /// <summary>The account; <c>sub</c> of a member's token.</summary>
    public const string AccountId = "sub";

    /// <summary>The account's person id on the bus.</summary>
    public const string SubjectId = "subject_id";

    /// <summary>Owner, admin, billing, agent, viewer.</summary>
    public const string Role = "role";

    /// <summary>The calling service, in tokens by client credentials.</summary>
    public const string Service = "service";

    /// <summary>The member's tenant.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lacks the policy that demands it.</exception>
    public static TenantId TenantIdOf(this ClaimsPrincipal user) => Required<TenantId>(user, TenantId);

    /// <summary>The member's account.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lacks the policy that demands it.</exception>
    public static AccountId AccountIdOf(this ClaimsPrincipal user) => Required<AccountId>(user, AccountId);

    /// <summary>The member's person id.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lacks the policy that demands it.</exception>
    public static DataSubjectId SubjectIdOf(this ClaimsPrincipal user) => Required<DataSubjectId>(user, SubjectId);

    /// <summary>The session, where the token has one.</summary>
    public static SessionId? FindSessionId(this ClaimsPrincipal user) =>
        Privacy.Ids.SessionId.TryParse(user.FindFirstValue(SessionId), null, out var id) ? id : null;

    private static TId Required<TId>(ClaimsPrincipal user, string claim)
        where TId : struct, ITypedId<TId> =>
        TId.TryParse(user.FindFirstValue(claim), null, out var id) ? id : throw new InvalidOperationException($"The token has no {claim}.");
}
