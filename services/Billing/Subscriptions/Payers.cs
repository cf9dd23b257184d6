using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Subscriptions;

/// <summary>Who decides about money: the owner, admins and the billing role.</summary>
internal static class Payers
{
    private static readonly string[] Roles = ["owner", "admin", "billing"];

    public static AuthorizationPolicy Policy { get; } =
        new AuthorizationPolicyBuilder().RequireClaim(Claims.TenantId).RequireClaim(Claims.SessionId).RequireRole(Roles).Build();

    public static bool MayPay(this ClaimsPrincipal user) => Array.Exists(Roles, user.IsInRole);
}
