using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>One call to send a message, and what came of it. Day partitions, 90 days.</summary>
[NotPersonal("ids, times and codes")]
internal sealed class DeliveryAttempt
{
    public required DateTimeOffset ArrivedAt { get; init; }
    public required Guid Id { get; init; }
    public required TenantId TenantId { get; init; }
    public required ReplyId ReplyId { get; init; }
    public required MessageId MessageId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public int? HttpStatus { get; init; }
    public int? ErrorCode { get; init; }
    public required string Outcome { get; init; }

    public static void Map(EntityTypeBuilder<DeliveryAttempt> entity)
    {
        entity.ToTable("delivery_attempt").HasKey(attempt => new { attempt.ArrivedAt, attempt.Id });
        entity.HasIndex(attempt => attempt.ReplyId);
    }
}
