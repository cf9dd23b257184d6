using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>What the log knows of a message: when, which way, how far it came. Never what was said.</summary>
internal sealed record MessageResponse
{
    public required MessageId Id { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required ChannelId ChannelId { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>.</summary>
    public required string Direction { get; init; }

    public required string Kind { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public string? Status { get; init; }

    public DateTimeOffset? StatusAt { get; init; }

    public ReplyId? ReplyId { get; init; }

    public int? ErrorCode { get; init; }

    /// <summary><c>contact</c>, <c>assistant</c>, <c>person</c> (of the business) or <c>system</c>.</summary>
    [NotPersonal("one of four words")]
    public required string Author { get; init; }

    /// <summary>Why it was not sent.</summary>
    [NotPersonal("a reason")]
    public string? DropReason { get; init; }
}

/// <summary>The tenant's message log, newest first; of one thread where one is named.</summary>
internal static class ListMessagesEndpoint
{
    private const string Select = """
        select m.id, m.thread_id, m.channel_id, lower(m.direction) as direction, m.kind, m.sent_at, m.arrived_at, m.status,
            greatest(m.accepted_at, m.sent_status_at, m.delivered_at, m.read_at, m.played_at, m.failed_at) as status_at, m.reply_id,
            m.error_code, s.drop_reason, case when m.direction = 'Inbound' then 'contact'
                when m.reply_id is null or s.account_id is not null then 'person'
                when s.reply_id is not null and s.turn_id is null then 'system' else 'assistant' end as author
        from message_log m left join send s on s.reply_id = m.reply_id
        """;

    public static void MapListMessages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/messages", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<Page<MessageResponse>>, ValidationProblem>> HandleAsync(
        ClaimsPrincipal user,
        GatewayDbContext db,
        CancellationToken cancellationToken,
        ThreadId? threadId = null,
        int limit = PageCursor.DefaultLimit,
        PageCursor? after = null
    )
    {
        if (limit is < 1 or > PageCursor.MaxLimit)
            return Problems.Invalid("limit", $"A page holds 1 to {PageCursor.MaxLimit} messages.");
        var rows = await db.InTenantAsync(
            user.TenantIdOf(),
            (inner, token) => ListAsync(inner.Connection(), threadId, after ?? PageCursor.Start, limit, token),
            cancellationToken
        );
        return TypedResults.Ok(PageCursor.PageOf(rows, limit, message => new(message.ReceivedAt, message.Id.Value)));
    }

    private static Task<List<MessageResponse>> ListAsync(
        NpgsqlConnection connection,
        ThreadId? thread,
        PageCursor after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        thread is { } id
            ? connection.ReadAsync(
                $"""
                {Select} where m.thread_id = $4 and (m.arrived_at, m.id) < ($1, $2)
                order by m.arrived_at desc, m.id desc limit $3
                """,
                [after.At, after.Id, limit + 1, id.Value],
                Read,
                cancellationToken
            )
            : connection.ReadAsync(
                $"{Select} where (m.arrived_at, m.id) < ($1, $2) order by m.arrived_at desc, m.id desc limit $3",
                [after.At, after.Id, limit + 1],
                Read,
                cancellationToken
            );

    private static MessageResponse Read(NpgsqlDataReader row) =>
        new()
        {
            Id = new(row.Value<Guid>("id")),
            ThreadId = new(row.Value<Guid>("thread_id")),
            ChannelId = new(row.Value<Guid>("channel_id")),
            Direction = row.Value<string>("direction"),
            Kind = row.Value<string>("kind"),
            SentAt = row.Value<DateTimeOffset>("sent_at"),
            ReceivedAt = row.Value<DateTimeOffset>("arrived_at"),
            Status = row.MaybeObject<string>("status"),
            StatusAt = row.Maybe<DateTimeOffset>("status_at"),
            ReplyId = row.Maybe<Guid>("reply_id") is { } reply ? new(reply) : null,
            ErrorCode = row.Maybe<int>("error_code"),
            Author = row.Value<string>("author"),
            DropReason = row.MaybeObject<string>("drop_reason"),
        };
}
