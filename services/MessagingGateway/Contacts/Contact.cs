using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>
/// A WhatsApp user as one tenant knows them. Every value is sealed under the person's own key; the number is optional and never a key.
/// </summary>
internal sealed class Contact
{
    public required DataSubjectId Subject { get; init; }
    public required TenantId TenantId { get; init; }

    [PhoneData(Purpose = Purpose.Service, Clause = "P1.1", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public SealedText? WaId { get; init; }

    [PhoneData(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public SealedText? BusinessScopedUserId { get; init; }

    [PhoneData(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public SealedText? ParentUserId { get; init; }

    [PersonName(Purpose = Purpose.Service, Clause = "P1.1", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public SealedText? Username { get; init; }

    [PersonName(Purpose = Purpose.Service, Clause = "P1.1", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public SealedText? DisplayName { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    [MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public required DateTimeOffset LastMessageAt { get; init; }

    public static void Map(EntityTypeBuilder<Contact> entity)
    {
        entity.ToTable("contact").HasKey(contact => contact.Subject);
        entity.HasIndex(contact => new { contact.TenantId, contact.LastMessageAt });
    }
}

/// <summary>That somebody said stop, by keyed hash: it survives erasure until START or three years.</summary>
internal sealed class OptOut
{
    public required TenantId TenantId { get; init; }

    [PhoneData(Purpose = Purpose.LegalObligation, Clause = "P2.d", Retention = nameof(RetentionTable.OptOuts), OnErase = OnErase.Hold)]
    public required byte[] AliasHmac { get; init; }

    /// <summary>All or Marketing.</summary>
    [NotPersonal("a scope")]
    public required string Scope { get; init; }
    public required DateTimeOffset At { get; init; }

    public static void Map(EntityTypeBuilder<OptOut> entity) =>
        entity
            .ToTable("opt_out")
            .HasKey(optOut => new
            {
                optOut.TenantId,
                optOut.AliasHmac,
                optOut.Scope,
            });
}
