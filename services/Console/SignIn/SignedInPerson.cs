using System.Security.Claims;

namespace WpAsis.Console.SignIn;

/// <summary>What the cookie knows of a person: ids and the role, no name and no address.</summary>
internal static class SignedInPerson
{
    private static readonly string[] Kept = ["sub", "sid", "role"];

    /// <summary>Out of what identity says of them.</summary>
    public static ClaimsPrincipal From(ClaimsPrincipal person)
    {
        var identity = new ClaimsIdentity("identity", "sub", "role");
        foreach (var name in Kept)
        {
            if (person.FindFirst(name) is { } claim)
                identity.AddClaim(new Claim(name, claim.Value));
        }
        return new ClaimsPrincipal(identity);
    }
}
