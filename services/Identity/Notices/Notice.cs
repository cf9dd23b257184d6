using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Accounts;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Identity.Notices;

/// <summary>Where a notice is on its way.</summary>
internal enum NoticeState
{
    /// <summary>To be sent at <see cref="Notice.NextAt"/>.</summary>
    Pending,

    /// <summary>The relay has taken it.</summary>
    Sent,

    /// <summary>The relay will never take it, or it is too late for it, or the person is gone.</summary>
    Dropped,
}

/// <summary>
/// A mail to one person that is to be sent. It names the person by id: name and address are looked up, opened and forgotten
/// when it is sent, so that nothing personal waits here.
/// </summary>
internal sealed class Notice
{
    /// <summary>After this time nobody wants the mail any more, and a confirmation would not work.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    public required NoticeId NoticeId { get; init; }

    public required DataSubjectId SubjectId { get; init; }

    public TenantId? TenantId { get; init; }

    public required NoticeKind Kind { get; init; }

    [NotPersonal("numbers, dates and plan names")]
    public required Dictionary<string, string> Values { get; init; }

    [NotPersonal("a path")]
    public string? Link { get; init; }

    public required NoticeState State { get; set; }

    public required int Attempts { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NextAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public static Notice ConfirmEmail(SignUp signUp, TimeProvider clock) =>
        Make(TypedId.New<NoticeId>(clock), signUp.SubjectId, NoticeKind.ConfirmEmail, clock);

    public static Notice AlreadyRegistered(Account account, TimeProvider clock) =>
        Make(TypedId.New<NoticeId>(clock), account.SubjectId, NoticeKind.AlreadyRegistered, clock);

    public static Notice Welcome(Account account, TimeProvider clock) =>
        Make(TypedId.New<NoticeId>(clock), account.SubjectId, NoticeKind.Welcome, clock, link: "/");

    public static Notice From(SendNotice command, DataSubjectId recipient, TimeProvider clock) =>
        Make(
            command.NoticeId,
            recipient,
            command.Notice,
            clock,
            command.TenantId,
            new Dictionary<string, string>(command.Values, StringComparer.Ordinal),
            command.Link
        );

    internal static void Map(EntityTypeBuilder<Notice> entity)
    {
        entity.ToTable("notice");
        // One sender's notice may go to several owners.
        entity.HasKey(notice => new { notice.NoticeId, notice.SubjectId });
        entity.HasIndex(notice => notice.NextAt).HasFilter("state = 'Pending'");
        entity.HasIndex(notice => notice.CreatedAt);
        entity.HasIndex(notice => notice.SubjectId);
        entity
            .Property(notice => notice.Values)
            .HasColumnType("jsonb")
            .HasConversion(
                values => JsonSerializer.Serialize(values, JsonSerializerOptions.Default),
                text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default)!,
                new Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer<Dictionary<string, string>>(
                    (one, other) => ReferenceEquals(one, other),
                    values => values.Count
                )
            );
    }

    private static Notice Make(
        NoticeId id,
        DataSubjectId subject,
        NoticeKind kind,
        TimeProvider clock,
        TenantId? tenant = null,
        Dictionary<string, string>? values = null,
        string? link = null
    ) =>
        new()
        {
            NoticeId = id,
            SubjectId = subject,
            TenantId = tenant,
            Kind = kind,
            Values = values ?? [],
            Link = link,
            State = NoticeState.Pending,
            Attempts = 0,
            CreatedAt = clock.GetUtcNow(),
            NextAt = clock.GetUtcNow(),
        };
}
