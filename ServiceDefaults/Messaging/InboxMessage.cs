using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>A message that had its effect in this service. Kept 8 days: Meta repeats for seven.</summary>
[NotPersonal("a message id, a consumer's name and a time")]
public sealed class InboxMessage
{
    /// <summary>The message's id on the bus.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Which consumer.</summary>
    public required string Consumer { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    internal static void Map(EntityTypeBuilder<InboxMessage> entity)
    {
        entity.ToTable("inbox");
        entity.HasKey(message => new { message.MessageId, message.Consumer });
        entity.HasIndex(message => message.ReceivedAt);
    }
}
