using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Identity.Accounts;

/// <summary>
/// A registration whose address is not confirmed yet: no account, and gone after 24 hours. An address may have several;
/// a stranger's changes nothing about another, and the first that is confirmed wins.
/// </summary>
internal sealed class SignUp
{
    private const string Kept = nameof(RetentionTable.UnconfirmedSignUps);

    /// <summary>The account it becomes.</summary>
    public required AccountId AccountId { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    [PersonName(Purpose = Purpose.Service, Clause = "P1.1", Retention = Kept, OnErase = OnErase.Delete)]
    public required SealedText Name { get; init; }

    [EmailData(Purpose = Purpose.Authentication, Clause = "P1.1", Retention = Kept, OnErase = OnErase.Delete)]
    public required SealedText Email { get; init; }

    [EmailData(Purpose = Purpose.Authentication, Clause = "P1.1", Retention = Kept, OnErase = OnErase.Delete)]
    public required byte[] EmailIndex { get; init; }

    [PhoneData(Purpose = Purpose.Contact, Clause = "P1.1", Retention = Kept, OnErase = OnErase.Delete)]
    public SealedText? Phone { get; init; }

    [PostalAddress(Purpose = Purpose.Contact, Clause = "P1.1", Retention = Kept, OnErase = OnErase.Delete)]
    public SealedText? PostalAddress { get; init; }

    [Credential(Purpose = Purpose.Authentication, Clause = "P1.2", Retention = Kept, OnErase = OnErase.Delete)]
    public required SealedText PasswordHash { get; init; }

    [TenantText(Purpose = Purpose.Service, Clause = "P1.1", Retention = Kept, OnErase = OnErase.Delete)]
    public required SealedText BusinessName { get; init; }

    [NotPersonal("a country")]
    public string? Country { get; init; }

    [NotPersonal("tr or en")]
    public required string Language { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static void Map(EntityTypeBuilder<SignUp> entity)
    {
        entity.ToTable("sign_up");
        entity.HasKey(signUp => signUp.AccountId);
        entity.HasIndex(signUp => signUp.SubjectId).IsUnique();
        entity.HasIndex(signUp => signUp.EmailIndex);
        entity.HasIndex(signUp => signUp.CreatedAt);
    }

    /// <summary>Where the sealed values stand.</summary>
    internal static class Columns
    {
        public static readonly SealedColumn Name = Column("name");
        public static readonly SealedColumn Email = Column("email");
        public static readonly SealedColumn Phone = Column("phone");
        public static readonly SealedColumn PostalAddress = Column("postal_address");
        public static readonly SealedColumn PasswordHash = Column("password_hash");
        public static readonly SealedColumn BusinessName = Column("business_name");

        private static SealedColumn Column(string name) => new("identity", "sign_up", name);
    }
}
