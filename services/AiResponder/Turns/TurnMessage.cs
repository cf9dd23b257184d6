using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// A message of a contact in the line of its thread. Not partitioned by day: a unique key would have to hold the day,
/// and a redelivery after midnight would be a second message.
/// </summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Delete)]
internal sealed class TurnMessage
{
    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    /// <summary>Ours: without gaps, given at insertion under the clock's row lock.</summary>
    public required int Seq { get; init; }

    /// <summary>The inbox key of this path.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>The gateway's order of arrival; orders the parts inside a turn after <see cref="SentAt"/>.</summary>
    public required long GatewaySequence { get; init; }

    public required MessageKind Kind { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The words; gone when their epoch has ended.</summary>
    [MessageContent(Purpose = Purpose.Service, Clause = "P1.4", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Delete)]
    public SealedContent? Content { get; init; }

    /// <summary>From when on the words are noise.</summary>
    public DateTimeOffset? ContentEndsAt { get; init; }

    internal static void Map(EntityTypeBuilder<TurnMessage> entity)
    {
        entity.ToTable("turn_message");
        entity.HasKey(message => new { message.ThreadId, message.Seq });
        entity.HasIndex(message => new { message.ThreadId, message.MessageId }).IsUnique();
        entity.HasIndex(message => new { message.TenantId, message.ContentEndsAt });
        entity.HasIndex(message => new { message.TenantId, message.ReceivedAt });
    }
}

/// <summary>An edit or a revoke. It stands beside the message it is about, so it may arrive before it.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Delete)]
internal sealed class Amendment
{
    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required MessageId MessageId { get; init; }

    /// <summary>The message it is about.</summary>
    public required MessageId Concerns { get; init; }

    /// <summary>The newest wins, but a revoke always does.</summary>
    public required long GatewaySequence { get; init; }

    public required bool IsRevoke { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The new words.</summary>
    [MessageContent(Purpose = Purpose.Service, Clause = "P1.4", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Delete)]
    public SealedContent? Content { get; init; }

    public DateTimeOffset? ContentEndsAt { get; init; }

    internal static void Map(EntityTypeBuilder<Amendment> entity)
    {
        entity.ToTable("amendment");
        entity.HasKey(amendment => new { amendment.ThreadId, amendment.MessageId });
        entity.HasIndex(amendment => new { amendment.ThreadId, amendment.Concerns });
        entity.HasIndex(amendment => new { amendment.TenantId, amendment.ReceivedAt });
    }
}

/// <summary>
/// A message that the database refused: ids, times and sealed words, kept 72 hours for operators. Its neighbours went on.
/// </summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.Quarantine), OnErase = OnErase.Delete)]
internal sealed class QuarantinedMessage
{
    public required MessageId MessageId { get; init; }

    public required TenantId TenantId { get; init; }

    public required ThreadId ThreadId { get; init; }

    /// <summary>PostgreSQL's error class or our own word; never a message, which may quote the row.</summary>
    public required string Reason { get; init; }

    /// <summary>The item as it came, as JSON: its words are sealed and die with their epoch.</summary>
    public required byte[] Item { get; init; }

    public required DateTimeOffset At { get; init; }

    internal static void Map(EntityTypeBuilder<QuarantinedMessage> entity)
    {
        entity.ToTable("quarantine");
        entity.HasKey(message => message.MessageId);
        entity.HasIndex(message => message.At);
    }
}
