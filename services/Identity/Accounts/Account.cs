using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Identity.Accounts;

/// <summary>A person who signs in. Its address is confirmed: a sign-up that is not is no account.</summary>
internal sealed class Account
{
    public required AccountId AccountId { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    [PersonName(Purpose = Purpose.Service, Clause = "P1.1", Retention = "Account", OnErase = OnErase.Shred)]
    public required SealedText Name { get; set; }

    [EmailData(Purpose = Purpose.Authentication, Clause = "P1.1", Retention = "Account", OnErase = OnErase.Shred)]
    public required SealedText Email { get; set; }

    [EmailData(Purpose = Purpose.Authentication, Clause = "P1.1", Retention = "Account", OnErase = OnErase.Delete)]
    public required byte[] EmailIndex { get; set; }

    [PhoneData(Purpose = Purpose.Contact, Clause = "P1.1", Retention = "Account", OnErase = OnErase.Shred)]
    public SealedText? Phone { get; set; }

    [PhoneData(Purpose = Purpose.Contact, Clause = "P1.1", Retention = "Account", OnErase = OnErase.Delete)]
    public byte[]? PhoneIndex { get; set; }

    [PostalAddress(Purpose = Purpose.Contact, Clause = "P1.1", Retention = "Account", OnErase = OnErase.Shred)]
    public SealedText? PostalAddress { get; set; }

    [Credential(Purpose = Purpose.Authentication, Clause = "P1.2", Retention = "Account", OnErase = OnErase.Shred)]
    public required SealedText PasswordHash { get; set; }

    [NotPersonal("random; changes when a way to sign in changes")]
    public string SecurityStamp { get; set; } = "";

    [NotPersonal("tr or en")]
    public required string Language { get; set; }

    /// <summary>Rises with each change of the profile.</summary>
    public long ProfileVersion { get; set; } = 1;

    public required DateTimeOffset RegisteredAt { get; init; }

    public required DateTimeOffset ConfirmedAt { get; init; }

    internal static void Map(EntityTypeBuilder<Account> entity)
    {
        entity.ToTable("account");
        entity.HasKey(account => account.AccountId);
        entity.HasIndex(account => account.SubjectId).IsUnique();
        entity.HasIndex(account => account.EmailIndex).IsUnique();
        entity.HasIndex(account => account.PhoneIndex);
        entity.Property(account => account.SecurityStamp).IsConcurrencyToken();
    }

    /// <summary>Where the sealed values stand.</summary>
    internal static class Columns
    {
        public static readonly SealedColumn Name = Column("name");
        public static readonly SealedColumn Email = Column("email");
        public static readonly SealedColumn Phone = Column("phone");
        public static readonly SealedColumn PostalAddress = Column("postal_address");
        public static readonly SealedColumn PasswordHash = Column("password_hash");

        private static SealedColumn Column(string name) => new("identity", "account", name);
    }
}
