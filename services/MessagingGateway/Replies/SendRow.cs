using Npgsql;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>A reply on its way, as its row stands.</summary>
internal sealed record SendRow
{
    private const string Columns = """
        reply_id, thread_id, channel_id, subject, turn_id, usage_id, account_id, answers, outcome, send_before, state, message_id,
        part, parts, attempts, next_at, called_at, resent, epoch, nonce, ciphertext, tag, created_at, trace_parent
        """;

    public required ReplyId ReplyId { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required ChannelId ChannelId { get; init; }

    public required DataSubjectId Subject { get; init; }

    public TurnId? TurnId { get; init; }

    public UsageId? UsageId { get; init; }

    public AccountId? AccountId { get; init; }

    public required Guid[] Answers { get; init; }

    public required ReplyOutcome Outcome { get; init; }

    public required DateTimeOffset SendBefore { get; init; }

    public required SendState State { get; init; }

    public MessageId? MessageId { get; init; }

    public required int Part { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset NextAt { get; init; }

    public DateTimeOffset? CalledAt { get; init; }

    public required bool Resent { get; init; }

    public SealedContent? Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The trace of what it answers.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The first part is out, so the reply counts as accepted whatever becomes of the rest.</summary>
    public bool IsAccepted => Part > 1;

    /// <summary>A person of the business wrote it: it goes out as it was typed, also while they are in charge.</summary>
    public bool IsByPerson => AccountId is not null;

    /// <summary>A notice without a turn is the gateway's own: the one text that still goes after STOP, saying how to come back.</summary>
    public bool IsOurOwnNotice => TurnId is null && Outcome is ReplyOutcome.Notice;

    /// <summary>It tells the contact that a person comes: when its last word is spoken, the thread is that person's.</summary>
    public bool HandsOver => Outcome is ReplyOutcome.HandOver;

    /// <summary>The open sends of a thread, oldest first, locked. The thread's row is locked before.</summary>
    public static Task<List<SendRow>> LockOpenAsync(NpgsqlConnection connection, ThreadId thread, CancellationToken cancellationToken) =>
        connection.ReadAsync(
            $"""
            select {Columns} from send where thread_id = $1 and state in ('Queued', 'Sending', 'Unknown')
            order by first_sequence, created_at, reply_id for update
            """,
            [thread.Value],
            Read,
            cancellationToken
        );

    /// <summary>One send, locked; null when it is gone.</summary>
    public static async Task<SendRow?> LockAsync(NpgsqlConnection connection, ReplyId reply, CancellationToken cancellationToken)
    {
        var rows = await connection.ReadAsync(
            $"select {Columns} from send where reply_id = $1 for update",
            [reply.Value],
            Read,
            cancellationToken
        );
        return rows.SingleOrDefault();
    }

    private static SendRow Read(NpgsqlDataReader row) =>
        new()
        {
            ReplyId = new(row.Value<Guid>("reply_id")),
            ThreadId = new(row.Value<Guid>("thread_id")),
            ChannelId = new(row.Value<Guid>("channel_id")),
            Subject = new(row.Value<Guid>("subject")),
            TurnId = row.Maybe<Guid>("turn_id") is { } turn ? new(turn) : null,
            UsageId = row.Maybe<Guid>("usage_id") is { } usage ? new(usage) : null,
            AccountId = row.Maybe<Guid>("account_id") is { } account ? new(account) : null,
            Answers = row.Value<Guid[]>("answers"),
            Outcome = Enum.Parse<ReplyOutcome>(row.Value<string>("outcome")),
            SendBefore = row.Value<DateTimeOffset>("send_before"),
            State = Enum.Parse<SendState>(row.Value<string>("state")),
            MessageId = row.Maybe<Guid>("message_id") is { } message ? new(message) : null,
            Part = row.Value<int>("part"),
            Attempts = row.Value<int>("attempts"),
            NextAt = row.Value<DateTimeOffset>("next_at"),
            CalledAt = row.Maybe<DateTimeOffset>("called_at"),
            Resent = row.Value<bool>("resent"),
            Content = ReadContent(row),
            CreatedAt = row.Value<DateTimeOffset>("created_at"),
            TraceParent = row.MaybeObject<string>("trace_parent"),
        };

    /// <summary>Sealed content in its four columns; null where there is none.</summary>
    public static SealedContent? ReadContent(NpgsqlDataReader row) =>
        row.MaybeObject<byte[]>("ciphertext") is { } ciphertext
            ? new SealedContent
            {
                Epoch = row.Value<string>("epoch"),
                Nonce = row.Value<byte[]>("nonce"),
                Ciphertext = ciphertext,
                Tag = row.Value<byte[]>("tag"),
            }
            : null;
}
