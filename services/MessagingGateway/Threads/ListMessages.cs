using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
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
}

/// <summary>The tenant's message log, newest first; of one thread where one is named.</summary>
internal static class ListMessagesEndpoint
{
    private const string Columns = """
        id, thread_id, channel_id, lower(direction) as direction, kind, sent_at, arrived_at, status,
        greatest(accepted_at, sent_status_at, delivered_at, read_at, played_at, failed_at) as status_at, reply_id, error_code
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
                select {Columns} from message_log where thread_id = $4 and (arrived_at, id) < ($1, $2)
                order by arrived_at desc, id desc limit $3
                """,
                [after.At, after.Id, limit + 1, id.Value],
                Read,
                cancellationToken
            )
            : connection.ReadAsync(
                $"select {Columns} from message_log where (arrived_at, id) < ($1, $2) order by arrived_at desc, id desc limit $3",
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
        };
}
