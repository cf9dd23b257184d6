using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.Identity.Sessions;

/// <summary>One sign-in of one account. The cookie only names it: the row decides, on each request.</summary>
internal sealed class Session
{
    /// <summary>Longest life, whatever happens.</summary>
    public static readonly TimeSpan AbsoluteLife = RetentionTable.Sessions;

    /// <summary>Longest time without a sign of life.</summary>
    public static readonly TimeSpan IdleLife = TimeSpan.FromDays(14);

    public required SessionId SessionId { get; init; }

    public required AccountId AccountId { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    /// <summary>The tenant the person acts for; absent when the account belongs to none.</summary>
    public TenantId? TenantId { get; set; }

    [LoginTime(Purpose = Purpose.Authentication, Clause = "P1.2", Retention = nameof(RetentionTable.Sessions), OnErase = OnErase.Delete)]
    public required DateTimeOffset SignedInAt { get; init; }

    [LoginTime(Purpose = Purpose.Authentication, Clause = "P1.2", Retention = nameof(RetentionTable.Sessions), OnErase = OnErase.Delete)]
    public required DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset EndsAt => SignedInAt + AbsoluteLife;

    public bool IsAlive(DateTimeOffset now) => EndedAt is null && now < EndsAt && now < LastSeenAt + IdleLife;

    internal static void Map(EntityTypeBuilder<Session> entity)
    {
        entity.ToTable("session");
        entity.HasKey(session => session.SessionId);
        entity.HasIndex(session => session.AccountId);
        entity.HasIndex(session => session.SubjectId);
        entity.HasIndex(session => session.SignedInAt);
        entity.HasIndex(session => session.EndedAt).HasFilter("ended_at is not null");
        entity.Ignore(session => session.EndsAt);
    }
}
