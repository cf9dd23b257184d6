using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.AiResponder.Profiles;

/// <summary>One published version of what a customer tells its assistant, sealed under the customer's key.</summary>
[NotPersonal("a business's own description, sealed; who published it is an account id")]
internal sealed class Profile
{
    /// <summary>Where its text stands, for the seal.</summary>
    public static SealedColumn Column { get; } = new("ai-responder", "profile_version", "text");

    public required TenantId TenantId { get; init; }

    /// <summary>Rises by one; the highest speaks.</summary>
    public required int Version { get; init; }

    /// <summary><see cref="ProfileText"/> as JSON.</summary>
    [TenantText(Purpose = Purpose.Service, Clause = "P2.a", Retention = "Tenant", OnErase = OnErase.Shred)]
    public required SealedText Text { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public required AccountId PublishedBy { get; init; }

    internal static void Map(EntityTypeBuilder<Profile> entity)
    {
        entity.ToTable("profile_version");
        entity.HasKey(profile => new { profile.TenantId, profile.Version });
    }
}
