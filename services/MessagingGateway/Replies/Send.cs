using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>A reply on its way. Its sealed content goes when it is accepted or dropped.</summary>
[MessageMetadata(Purpose = Purpose.Service, Clause = "P1.3", Retention = nameof(RetentionTable.MessageMetadata), OnErase = OnErase.Delete)]
internal sealed class Send
{
    public required ReplyId ReplyId { get; init; }
    public required TenantId TenantId { get; init; }
    public required ThreadId ThreadId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required DataSubjectId Subject { get; init; }
    public TurnId? TurnId { get; init; }
    public UsageId? UsageId { get; init; }

    /// <summary>The person of the business who wrote it; absent when the assistant did.</summary>
    public AccountId? AccountId { get; init; }
    public long FirstSequence { get; init; }
    public required Guid[] Answers { get; init; }

    [NotPersonal("an outcome")]
    public required string Outcome { get; init; }
    public required DateTimeOffset SendBefore { get; init; }

    [NotPersonal("a state")]
    public required string State { get; init; }

    [NotPersonal("a reason")]
    public string? DropReason { get; init; }
    public MessageId? MessageId { get; init; }
    public int Part { get; init; }
    public int Parts { get; init; }
    public int Attempts { get; init; }
    public required DateTimeOffset NextAt { get; init; }
    public DateTimeOffset? CalledAt { get; init; }
    public bool Resent { get; init; }

    [NotPersonal("names an hour")]
    public string? Epoch { get; init; }
    public byte[]? Nonce { get; init; }

    [MessageContent(Purpose = Purpose.Service, Clause = "P1.4", Retention = nameof(RetentionTable.Content), OnErase = OnErase.Delete)]
    public byte[]? Ciphertext { get; init; }
    public byte[]? Tag { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    [NotPersonal("a random trace id")]
    public string? TraceParent { get; init; }

    public static void Map(EntityTypeBuilder<Send> entity)
    {
        entity.ToTable("send").HasKey(send => send.ReplyId);
        entity.HasIndex(send => new { send.ThreadId, send.FirstSequence }).HasFilter("state in ('Queued', 'Sending', 'Unknown')");
        entity.HasIndex(send => new { send.ThreadId, send.CreatedAt }).HasFilter("outcome = 'HandOver'");
        entity.HasIndex(send => send.MessageId);
        entity.HasIndex(send => send.Subject);
        entity.HasIndex(send => send.FinishedAt);
    }
}

/// <summary>How the sender finds what is due before it knows a tenant.</summary>
[NotPersonal("ids and times")]
internal sealed class SendRoute
{
    public required ReplyId ReplyId { get; init; }
    public required TenantId TenantId { get; init; }
    public required ThreadId ThreadId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public long FirstSequence { get; init; }
    public required DateTimeOffset NextAt { get; init; }

    public static void Map(EntityTypeBuilder<SendRoute> entity)
    {
        entity.ToTable("send_route").HasKey(route => route.ReplyId);
        entity.HasIndex(route => route.NextAt);
        entity.HasIndex(route => route.ThreadId);
    }
}
