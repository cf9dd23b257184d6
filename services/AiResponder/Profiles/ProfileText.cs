using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;

namespace WpAsis.AiResponder.Profiles;

/// <summary>What a customer tells its assistant about itself.</summary>
[TenantText(Purpose = Purpose.Service, Clause = "P2.a", Retention = "Tenant", OnErase = OnErase.Shred)]
internal sealed record ProfileText
{
    public required string AssistantName { get; init; }

    public required string BusinessName { get; init; }

    /// <summary>One fact per line.</summary>
    public required string Facts { get; init; }

    public string Tone { get; init; } = "";

    /// <summary>The first one speaks where the contact's language is not known.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["tr", "en"];

    /// <summary>What the assistant talks about.</summary>
    public string Scope { get; init; } = "";

    /// <summary>How a person is reached.</summary>
    public string HumanContact { get; init; } = "";

    /// <summary>How the assistant says that it is no human.</summary>
    public string? Disclosure { get; init; }

    /// <summary>What a contact hears, at most once a day, when the plan allows no answer. Absent: nothing.</summary>
    public string? DeniedText { get; init; }

    public IEnumerable<string> FactLines => Facts.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static byte[] Write(ProfileText text) => JsonSerializer.SerializeToUtf8Bytes(text, JsonSerializerOptions.Web);

    /// <summary>The published version, opened; none where nothing was published or the customer was erased. The tenant is named.</summary>
    public static async Task<(ProfileText Text, int Version)?> ReadPublishedAsync(
        ResponderDbContext db,
        Vault vault,
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var row = await db.Profiles.AsNoTracking().OrderByDescending(profile => profile.Version).FirstOrDefaultAsync(cancellationToken);
        if (row is null || await vault.TryOpenTenantKeyAsync(db, tenant, cancellationToken) is not { } key)
            return null;
        var text = JsonSerializer.Deserialize<ProfileText>(key.UnsealBytes(Profile.Column, row.Text), JsonSerializerOptions.Web)!;
        return (text, row.Version);
    }
}
