using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>A send of which WhatsApp took a message.</summary>
internal sealed record SettledSend(
    ReplyId Reply,
    UsageId? Usage,
    AccountId? Account,
    ThreadId Thread,
    DataSubjectId Subject,
    MessageId Message,
    DateTimeOffset At,
    bool IsFirst,
    bool IsFinal,
    bool HandsOver,
    SealedContent? Content
)
{
    public static SettledSend Read(NpgsqlDataReader row) =>
        new(
            new(row.Value<Guid>("reply_id")),
            row.Maybe<Guid>("usage_id") is { } usage ? new(usage) : null,
            row.Maybe<Guid>("account_id") is { } account ? new(account) : null,
            new(row.Value<Guid>("thread_id")),
            new(row.Value<Guid>("subject")),
            new(row.Value<Guid>("message_id")),
            row.Value<DateTimeOffset>("at"),
            row.Value<bool>("is_first"),
            row.Value<bool>("is_final"),
            row.Value<bool>("hands_over"),
            SendRow.ReadContent(row)
        );

    public ReplyAccepted Accepted(TenantId tenant) =>
        new()
        {
            TenantId = tenant,
            ReplyId = Reply,
            UsageId = Usage,
            ThreadId = Thread,
            SubjectId = Subject,
            MessageId = Message,
            AcceptedAt = At,
        };

    /// <summary>What a person wrote and the contact now has; the words stay sealed as they were.</summary>
    public HumanReplied Human(TenantId tenant) =>
        new()
        {
            TenantId = tenant,
            MessageId = Message,
            ThreadId = Thread,
            SubjectId = Subject,
            AccountId = Account,
            At = At,
            Content = Content!,
        };
}
