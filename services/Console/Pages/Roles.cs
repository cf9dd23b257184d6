using System.Security.Claims;

namespace WpAsis.Console.Pages;

/// <summary>What a member's role lets them do. The APIs decide; pages leave out what they would refuse.</summary>
internal static class Roles
{
    /// <summary>Owner or admin: numbers and the assistant.</summary>
    public static bool MayAdminister(this ClaimsPrincipal user) => user.IsInRole("owner") || user.IsInRole("admin");

    /// <summary>Owner, admin or agent: read and answer conversations.</summary>
    public static bool MayAnswer(this ClaimsPrincipal user) => user.MayAdminister() || user.IsInRole("agent");

    /// <summary>Owner, admin or billing: plan and invoices.</summary>
    public static bool MayPay(this ClaimsPrincipal user) => user.MayAdminister() || user.IsInRole("billing");
}
