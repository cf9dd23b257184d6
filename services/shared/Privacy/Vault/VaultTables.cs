using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.Privacy.Vault;

/// <summary>Whether a key may still be used.</summary>
public enum KeyState
{
    /// <summary>It opens what it sealed.</summary>
    Active,

    /// <summary>It is gone on purpose, and stays gone.</summary>
    Erased,
}

/// <summary>What kind of name a contact is known by.</summary>
public enum AliasKind
{
    /// <summary>WhatsApp id: the number, mostly.</summary>
    WaId,

    /// <summary>Meta's id of the user towards one business.</summary>
    BusinessScopedUserId,

    /// <summary>The same towards the business's parent.</summary>
    ParentBusinessScopedUserId,

    /// <summary>The chosen name.</summary>
    Username,
}

/// <summary>A person's key, wrapped. Erased is a row: an absent key is an error and is never made anew.</summary>
[NotPersonal("random ids, states and a wrapped key")]
public sealed class SubjectKey
{
    /// <summary>The person.</summary>
    public required DataSubjectId Subject { get; init; }

    /// <summary>The controller; absent for an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>Active or erased.</summary>
    public required KeyState State { get; init; }

    /// <summary>The wrapped key; absent once erased.</summary>
    public byte[]? Wrapped { get; init; }

    /// <summary>The key-encryption key that wraps it; 0 where there never was a key.</summary>
    public required int KekEpoch { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person was erased.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}

/// <summary>A customer's key, wrapped.</summary>
[NotPersonal("random ids, states and a wrapped key")]
public sealed class TenantKey
{
    /// <summary>The customer.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The wrapped key; absent once erased.</summary>
    public byte[]? Wrapped { get; init; }

    /// <summary>The key-encryption key that wraps it.</summary>
    public required int KekEpoch { get; init; }

    /// <summary>Active or erased.</summary>
    public required KeyState State { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The only place where a name leads to a person, by a keyed hash.</summary>
public sealed class Alias
{
    /// <summary>The customer who knows the contact.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>What kind of name it is.</summary>
    [NotPersonal("a kind")]
    public required AliasKind Kind { get; init; }

    /// <summary>Keyed hash of the normalized name.</summary>
    [PhoneData(Purpose = Purpose.Service, Clause = "P1.1", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
    public required byte[] Hmac { get; init; }

    /// <summary>The person.</summary>
    public required DataSubjectId Subject { get; init; }
}

/// <summary>Says that a person was erased, for ever: a restored backup must not bring them back.</summary>
[NotPersonal("a random id that leads nowhere")]
public sealed class Tombstone
{
    /// <summary>The person that was.</summary>
    public required DataSubjectId Subject { get; init; }

    /// <summary>The controller; absent for an account as such.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ErasedAt { get; init; }
}

/// <summary>Says that a name's owner was erased: what happened before that moment is dropped, what comes later is a new person.</summary>
public sealed class AliasTombstone
{
    /// <summary>The customer who knew the contact.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>What kind of name it was.</summary>
    [NotPersonal("a kind")]
    public required AliasKind Kind { get; init; }

    /// <summary>Keyed hash of the name's keyed hash: it leads to no alias that came later.</summary>
    [PhoneData(
        Purpose = Purpose.LegalObligation,
        Clause = "P6.3",
        Retention = nameof(RetentionTable.AliasTombstones),
        OnErase = OnErase.Hold
    )]
    public required byte[] Hmac { get; init; }

    /// <summary>When.</summary>
    [NotPersonal("a time without a person")]
    public required DateTimeOffset ErasedAt { get; init; }
}

/// <summary>The vault as EF sees it.</summary>
public static class VaultMapping
{
    /// <summary>The vault's schema in each service's database.</summary>
    public const string Schema = "vault";

    private static readonly TypedIdColumn<DataSubjectId> SubjectColumn = new();
    private static readonly TypedIdColumn<TenantId> TenantColumn = new();

    /// <summary>Maps the vault's tables. Grants and row-level security belong to the migration.</summary>
    public static ModelBuilder MapVault(this ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SubjectKey>(Map);
        modelBuilder.Entity<TenantKey>(Map);
        modelBuilder.Entity<Alias>(Map);
        modelBuilder.Entity<Tombstone>(Map);
        modelBuilder.Entity<AliasTombstone>(Map);
        return modelBuilder;
    }

    private static void Map(EntityTypeBuilder<SubjectKey> table)
    {
        table.ToTable("subject_key", Schema).HasKey(key => key.Subject).HasName("pk_subject_key");
        table.Property(key => key.Subject).HasColumnName("subject").HasConversion(SubjectColumn);
        table.Property(key => key.TenantId).HasColumnName("tenant_id").HasConversion(TenantColumn);
        table.Property(key => key.State).HasColumnName("state").HasConversion<string>();
        table.Property(key => key.Wrapped).HasColumnName("wrapped");
        table.Property(key => key.KekEpoch).HasColumnName("kek_epoch");
        table.Property(key => key.CreatedAt).HasColumnName("created_at");
        table.Property(key => key.ErasedAt).HasColumnName("erased_at");
    }

    private static void Map(EntityTypeBuilder<TenantKey> table)
    {
        table.ToTable("tenant_key", Schema).HasKey(key => key.TenantId).HasName("pk_tenant_key");
        table.Property(key => key.TenantId).HasColumnName("tenant_id").HasConversion(TenantColumn);
        table.Property(key => key.Wrapped).HasColumnName("wrapped");
        table.Property(key => key.KekEpoch).HasColumnName("kek_epoch");
        table.Property(key => key.State).HasColumnName("state").HasConversion<string>();
        table.Property(key => key.CreatedAt).HasColumnName("created_at");
    }

    private static void Map(EntityTypeBuilder<Alias> table)
    {
        table.ToTable("alias", Schema);
        table
            .HasKey(alias => new
            {
                alias.TenantId,
                alias.Kind,
                alias.Hmac,
            })
            .HasName("pk_alias");
        table.HasIndex(alias => alias.Subject).HasDatabaseName("ix_alias_subject");
        table.Property(alias => alias.TenantId).HasColumnName("tenant_id").HasConversion(TenantColumn);
        table.Property(alias => alias.Kind).HasColumnName("kind").HasConversion<string>();
        table.Property(alias => alias.Hmac).HasColumnName("hmac");
        table.Property(alias => alias.Subject).HasColumnName("subject").HasConversion(SubjectColumn);
    }

    private static void Map(EntityTypeBuilder<Tombstone> table)
    {
        table.ToTable("tombstone", Schema).HasKey(stone => stone.Subject).HasName("pk_tombstone");
        table.Property(stone => stone.Subject).HasColumnName("subject").HasConversion(SubjectColumn);
        table.Property(stone => stone.TenantId).HasColumnName("tenant_id").HasConversion(TenantColumn);
        table.Property(stone => stone.ErasedAt).HasColumnName("erased_at");
    }

    private static void Map(EntityTypeBuilder<AliasTombstone> table)
    {
        table.ToTable("alias_tombstone", Schema);
        table
            .HasKey(stone => new
            {
                stone.TenantId,
                stone.Kind,
                stone.Hmac,
            })
            .HasName("pk_alias_tombstone");
        table.Property(stone => stone.TenantId).HasColumnName("tenant_id").HasConversion(TenantColumn);
        table.Property(stone => stone.Kind).HasColumnName("kind").HasConversion<string>();
        table.Property(stone => stone.Hmac).HasColumnName("hmac");
        table.Property(stone => stone.ErasedAt).HasColumnName("erased_at");
    }
}
