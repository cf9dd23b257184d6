using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>A message that a transaction decided to publish. It leaves when the broker has confirmed it, and not before.</summary>
[NotPersonal("contracts carry ids and sealed content only")]
public sealed class OutboxMessage
{
    /// <summary>Order of writing.</summary>
    public long Id { get; init; }

    /// <summary>The message's id on the bus; the consumer's inbox key.</summary>
    public required Guid MessageId { get; init; }

    /// <summary><c>Owner:Message</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The message as JSON.</summary>
    public required byte[] Body { get; init; }

    /// <summary>W3C trace context of the writer: one trace spans the transaction and the consumer.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Publishes that failed.</summary>
    public int Attempts { get; set; }

    /// <summary>Not published before.</summary>
    public required DateTimeOffset NextAt { get; set; }

    /// <summary>Makes the row of a message.</summary>
    public static OutboxMessage For<TMessage>(TMessage message, TimeProvider clock)
        where TMessage : class => For(message, clock.GetUtcNow(), TypedId.NewGuid(clock), Activity.Current?.Id);

    /// <summary>Makes the row of a message with an id of the caller's choice, so that a repeat is the same message.</summary>
    public static OutboxMessage For<TMessage>(TMessage message, DateTimeOffset now, Guid messageId, string? traceParent)
        where TMessage : class =>
        new()
        {
            MessageId = messageId,
            Type = MessageTypes.NameOf(typeof(TMessage)),
            Body = JsonSerializer.SerializeToUtf8Bytes(message, MessageTypes.Json),
            TraceParent = traceParent,
            CreatedAt = now,
            NextAt = now,
        };

    internal static void Map(EntityTypeBuilder<OutboxMessage> entity)
    {
        entity.ToTable("outbox");
        entity.HasKey(message => message.Id);
        entity.Property(message => message.Id).UseIdentityAlwaysColumn();
        entity.HasIndex(message => new { message.NextAt, message.Id });
    }
}
