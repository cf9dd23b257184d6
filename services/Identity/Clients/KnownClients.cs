namespace WpAsis.Identity.Clients;

/// <summary>One of our programs towards the issuer.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Scopes">What it may ask for.</param>
internal sealed record KnownClient(string Id, IReadOnlyList<string> Scopes)
{
    /// <summary>Acts for people (code and PKCE, refresh); otherwise for itself (client credentials).</summary>
    public bool ForPeople { get; init; }

    /// <summary>Can't keep a secret.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Exists in Development only.</summary>
    public bool DevelopmentOnly { get; init; }
}

/// <summary>Who may ask for which audience. A scope is an audience, and nobody gets more than it calls.</summary>
internal static class KnownClients
{
    /// <summary>Client and audience of operators: a shared secret, until operators are people of their own realm.</summary>
    public const string Operators = "operators";

    /// <summary>The APIs that members use.</summary>
    public static IReadOnlyList<string> MemberScopes { get; } =
    ["identity", "messaging-gateway", "ai-responder", "billing", "data-subject-request"];

    /// <summary>Every audience there is.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [.. MemberScopes, Operators];

    public static IReadOnlyList<KnownClient> All { get; } =
    [
        new("console", MemberScopes) { ForPeople = true },
        new("sandbox", MemberScopes)
        {
            ForPeople = true,
            IsPublic = true,
            DevelopmentOnly = true,
        },
        new("messaging-gateway", ["identity"]),
        new("ai-responder", ["identity", "messaging-gateway"]),
        new("billing", ["identity"]),
        new("data-subject-request", ["identity", "messaging-gateway", "ai-responder", "billing"]),
        new(Operators, [Operators]),
    ];
}
