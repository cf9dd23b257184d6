using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.MessagingGateway.Operators;

/// <summary>Something that was put aside, without what is in it.</summary>
[NotPersonal("ids of a business, a reason and a time")]
internal sealed record QuarantinedItem
{
    public required Guid Id { get; init; }

    /// <summary>Why, in a word.</summary>
    public required string Reason { get; init; }

    /// <summary>body, value or item.</summary>
    public required string What { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>Absent where no customer has connected the number, or none is named.</summary>
    public ChannelId? ChannelId { get; init; }
    public string? PhoneNumberId { get; init; }
}

/// <summary>What the intake put aside, newest first: when, why, for which number. Never what was said.</summary>
internal static class ListQuarantineEndpoint
{
    private const int LongestReason = 64;

    public static void MapListQuarantine(this IEndpointRouteBuilder operators) => operators.MapGet("/quarantine", HandleAsync);

    private static async Task<Results<Ok<Page<QuarantinedItem>>, ValidationProblem>> HandleAsync(
        WorkDb<GatewayDbContext> work,
        CancellationToken cancellationToken,
        int limit = PageCursor.DefaultLimit,
        PageCursor? after = null,
        string? reason = null
    )
    {
        if (limit is < 1 or > PageCursor.MaxLimit)
            return Problems.Invalid("limit", $"A page holds 1 to {PageCursor.MaxLimit} items.");
        if (reason?.Length > LongestReason)
            return Problems.Invalid("reason", "There is no such reason.");
        var place = after ?? PageCursor.Start;
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.ReadAsync(
            """
            select q.id, q.reason, q.what, q.arrived_at, c.channel_id, q.phone_number_id from quarantine q
            left join channel_route c on c.phone_number_id = q.phone_number_id
            where (q.arrived_at, q.id) < ($1, $2) and ($3::text is null or q.reason = $3)
            order by q.arrived_at desc, q.id desc limit $4
            """,
            [place.At, place.Id, reason, limit + 1],
            row => new QuarantinedItem
            {
                Id = row.Value<Guid>("id"),
                Reason = row.Value<string>("reason"),
                What = row.Value<string>("what"),
                ArrivedAt = row.Value<DateTimeOffset>("arrived_at"),
                ChannelId = row.Maybe<Guid>("channel_id") is { } channel ? new ChannelId(channel) : null,
                PhoneNumberId = row.MaybeObject<string>("phone_number_id"),
            },
            cancellationToken
        );
        return TypedResults.Ok(PageCursor.PageOf(rows, limit, item => new(item.ArrivedAt, item.Id)));
    }
}
