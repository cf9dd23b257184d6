using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>Tenant, number and contact. Its row is the lock under which take-over, opt-out, erasure and sending meet.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Contacts), OnErase = OnErase.Delete)]
internal sealed class ContactThread
{
    public required ThreadId Id { get; init; }
    public required TenantId TenantId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required DataSubjectId Subject { get; init; }

    [NotPersonal("a mode")]
    public required string Mode { get; init; }
    public bool OptedOut { get; init; }
    public bool Erased { get; init; }
    public long Version { get; init; }
    public long LastSequence { get; init; }
    public required DateTimeOffset WindowClosesAt { get; init; }
    public required DateTimeOffset LastMessageAt { get; init; }

    /// <summary>
    /// Minutes since 1970, of the last message: what the list of threads is indexed by. A row none of whose indexed columns changed is
    /// rewritten without touching an index, so the second message of a minute costs a fraction of the first.
    /// </summary>
    public long LastMinute { get; init; }
    public DateTimeOffset? TakenOverAt { get; init; }
    public DateTimeOffset? StopConfirmedAt { get; init; }

    /// <summary>Until when the pair's rate is spent.</summary>
    public DateTimeOffset? PairAt { get; init; }

    /// <summary>When the contact came by an ad and was not answered yet.</summary>
    public DateTimeOffset? ReferralAt { get; init; }

    public static void Map(EntityTypeBuilder<ContactThread> entity)
    {
        entity.ToTable("thread").HasKey(thread => thread.Id);
        entity
            .Property(thread => thread.LastMinute)
            .HasComputedColumnSql("floor(extract(epoch from last_message_at at time zone 'UTC') / 60)::bigint", stored: true);
        entity.HasIndex(thread => new { thread.Subject, thread.ChannelId }).IsUnique();
        entity.HasIndex(thread => new { thread.TenantId, thread.LastMinute });
    }
}
