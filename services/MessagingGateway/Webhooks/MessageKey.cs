using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>A message that was taken in or sent: the key by which a repeat is known, and by which a wamid is found. Kept 8 days.</summary>
[NotPersonal("keyed hash, ids and a time")]
internal sealed class MessageKey
{
    public required string PhoneNumberId { get; init; }
    public required byte[] WamidHmac { get; init; }
    public required MessageId MessageId { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }

    public static void Map(EntityTypeBuilder<MessageKey> entity)
    {
        entity.ToTable("message_key").HasKey(key => new { key.PhoneNumberId, key.WamidHmac });
        entity.HasIndex(key => key.ArrivedAt);
    }
}
