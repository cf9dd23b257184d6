using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.AiResponder.Profiles;

/// <summary>Saves what the assistant may say, sealed under the customer's key. Saving publishes: the next turn speaks by it.</summary>
internal static class PutProfileEndpoint
{
    public static void MapPutProfile(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/profile", HandleAsync).RequireAuthorization(Policies.Administrator).WithName("PutProfile");

    private static async Task<Results<Ok<ProfileResponse>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        PutProfileRequest request,
        ResponderDbContext db,
        Vault vault,
        TimeProvider clock,
        ClaimsPrincipal user,
        HttpContext http,
        CancellationToken cancellationToken
    )
    {
        var text = request.ToText();
        if (ProfileRules.Check(text) is { Count: > 0 } errors)
            return Problems.Invalid(errors);
        var version = await db.InTenantAsync(
            user.TenantIdOf(),
            (inner, token) => PublishAsync(inner, vault, clock, user, text, http.Request.Headers.IfMatch.ToString(), token),
            cancellationToken
        );
        if (version is not { } published)
            return Problems.Of(StatusCodes.Status412PreconditionFailed, "profile-changed", "Somebody else saved the profile meanwhile.");
        http.Response.Headers.ETag = ProfileResponse.TagOf(published);
        return TypedResults.Ok(ProfileResponse.Of(text, published));
    }

    private static async Task<int?> PublishAsync(
        ResponderDbContext db,
        Vault vault,
        TimeProvider clock,
        ClaimsPrincipal user,
        ProfileText text,
        string expected,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.TenantIdOf();
        // Two savers at once: the second waits here and then sees the first one's version.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtext({"profile:" + tenant}))", cancellationToken);
        var newest = await db.Profiles.MaxAsync(profile => (int?)profile.Version, cancellationToken) ?? 0;
        if (expected.Length > 0 && expected != "*" && expected != ProfileResponse.TagOf(newest))
            return null;
        var key = await vault.GetOrCreateTenantKeyAsync(db, tenant, cancellationToken);
        db.Profiles.Add(
            new Profile
            {
                TenantId = tenant,
                Version = newest + 1,
                Text = key.SealBytes(Profile.Column, ProfileText.Write(text)),
                PublishedAt = clock.GetUtcNow(),
                PublishedBy = user.AccountIdOf(),
            }
        );
        return newest + 1;
    }
}

/// <summary>A whole profile; what is left out is empty.</summary>
internal sealed record PutProfileRequest(
    string AssistantName,
    string BusinessName,
    string Facts,
    string? Tone = null,
    IReadOnlyList<string>? Languages = null,
    string? Scope = null,
    string? HumanContact = null,
    string? Disclosure = null,
    string? DeniedText = null
)
{
    public ProfileText ToText() =>
        new()
        {
            AssistantName = AssistantName.Trim(),
            BusinessName = BusinessName.Trim(),
            Facts = Facts.ReplaceLineEndings("\n").Trim(),
            Tone = Tone?.Trim() ?? "",
            Languages = Languages ?? ["tr", "en"],
            Scope = Scope?.Trim() ?? "",
            HumanContact = HumanContact?.Trim() ?? "",
            Disclosure = string.IsNullOrWhiteSpace(Disclosure) ? null : Disclosure.Trim(),
            DeniedText = string.IsNullOrWhiteSpace(DeniedText) ? null : DeniedText.Trim(),
        };
}
