using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.AiResponder.Profiles;

/// <summary>What the assistant may say about the business, as published.</summary>
internal static class GetProfileEndpoint
{
    public static void MapGetProfile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/profile", HandleAsync).RequireAuthorization(Policies.Member).WithName("GetProfile");

    private static async Task<Results<Ok<ProfileResponse>, ProblemHttpResult>> HandleAsync(
        ResponderDbContext db,
        Vault vault,
        ClaimsPrincipal user,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.TenantIdOf();
        var published = await db.InTenantAsync(
            tenant,
            (inner, token) => ProfileText.ReadPublishedAsync(inner, vault, tenant, token),
            cancellationToken
        );
        if (published is not { } profile)
            return Problems.Of(StatusCodes.Status404NotFound, "no-profile", "The assistant has no profile yet.");
        response.Headers.ETag = ProfileResponse.TagOf(profile.Version);
        return TypedResults.Ok(ProfileResponse.Of(profile.Text, profile.Version));
    }
}

/// <summary>A published profile and its version.</summary>
internal sealed record ProfileResponse(
    string AssistantName,
    string BusinessName,
    string Facts,
    string Tone,
    IReadOnlyList<string> Languages,
    string Scope,
    string HumanContact,
    string? Disclosure,
    string? DeniedText,
    int Version
)
{
    public static ProfileResponse Of(ProfileText text, int version) =>
        new(
            text.AssistantName,
            text.BusinessName,
            text.Facts,
            text.Tone,
            text.Languages,
            text.Scope,
            text.HumanContact,
            text.Disclosure,
            text.DeniedText,
            version
        );

    public static string TagOf(int version) => $"\"{version}\"";
}
