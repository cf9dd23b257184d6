using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Operators;

/// <summary>Some of them by id, the oldest of one reason, or, where neither is named, the oldest of all.</summary>
[NotPersonal("ids and a reason")]
internal sealed record ReplayQuarantineRequest(IReadOnlyList<Guid>? Ids = null, string? Reason = null, int? Limit = null);

/// <summary>What became of them.</summary>
/// <param name="Replayed">Taken in again; what still makes no sense is put aside anew.</param>
/// <param name="Expired">Too old: nobody will read them any more.</param>
/// <param name="Remaining">Of what was asked for, still aside.</param>
[NotPersonal("counts")]
internal sealed record ReplayQuarantineResponse(int Replayed, int Expired, long Remaining);

/// <summary>
/// Takes in again what was put aside, as if it had just arrived: sealed anew, split as every webhook, and what already had its effect
/// has none a second time. Row and copy change places in one transaction.
/// </summary>
internal static partial class ReplayQuarantineEndpoint
{
    private const int DefaultLimit = 100;
    private const int MostLimit = 1_000;
    private const int BatchSize = 50;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    // What was said then lives its customer's window from now: with the usual one, no longer than the longest anybody may choose.
    private static readonly TimeSpan Replayable = RetentionTable.ContentLongest - RetentionTable.Content;

    public static void MapReplayQuarantine(this IEndpointRouteBuilder operators) => operators.MapPost("/quarantine/replay", HandleAsync);

    private static async Task<Results<Ok<ReplayQuarantineResponse>, ValidationProblem>> HandleAsync(
        ReplayQuarantineRequest? request,
        WorkDb<GatewayDbContext> work,
        ContentSealer sealer,
        TimeProvider clock,
        ILogger<ReplayQuarantineRequest> logger,
        CancellationToken cancellationToken
    )
    {
        request ??= new();
        if (request.Ids is not null && request.Reason is not null)
            return Problems.Invalid("ids", "Name ids or one reason, not both.");
        var limit = request.Ids?.Count ?? request.Limit ?? DefaultLimit;
        if (limit is < 1 or > MostLimit)
            return Problems.Invalid("limit", $"1 to {MostLimit} can be replayed at a time.");

        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(TimeLimit);
        var replay = new Replay(request, sealer, clock);
        await using var connection = await work.DataSource.OpenConnectionAsync(timeLimit.Token);
        while (replay.Taken < limit && await replay.RunAsync(connection, Math.Min(BatchSize, limit - replay.Taken), timeLimit.Token)) { }
        var remaining = await replay.CountRemainingAsync(connection, timeLimit.Token);
        Replayed(
            logger,
            replay.Replayed,
            replay.Expired,
            request switch
            {
                { Ids: not null } => "ids",
                { Reason: not null } => "reason",
                _ => "age",
            }
        );
        return TypedResults.Ok(new ReplayQuarantineResponse(replay.Replayed, replay.Expired, remaining));
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Replayed} items of the quarantine were replayed, {Expired} had expired, by {By}"
    )]
    private static partial void Replayed(ILogger logger, int replayed, int expired, string by);

    private sealed class Replay(ReplayQuarantineRequest request, ContentSealer sealer, TimeProvider clock)
    {
        private const string Chosen = "($1::uuid[] is null or id = any ($1)) and ($2::text is null or reason = $2)";

        // What is put aside anew while this runs is not taken a second time.
        private readonly DateTimeOffset _began = clock.GetUtcNow();

        public int Replayed { get; private set; }

        public int Expired { get; private set; }

        public int Taken => Replayed + Expired;

        /// <summary>One batch, in a transaction of its own; false when there was nothing left.</summary>
        public async Task<bool> RunAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var rows = await connection.ReadAsync(
                $"""
                select id, arrived_at, epoch, nonce, ciphertext, tag, trace_parent from quarantine
                where {Chosen} and arrived_at <= $3 order by arrived_at, id limit $4 for update skip locked
                """,
                [.. Choice(), _began, most],
                Read,
                cancellationToken
            );
            var bodies = rows.FindAll(row => row.ArrivedAt > _began - Replayable)
                .Select(row => (Row: row, Bytes: sealer.TryOpenRaw(row.Id, row.Content, out var bytes) ? bytes : null))
                .Where(body => body.Bytes is not null)
                .Select(body => (body.Row.TraceParent, Bytes: body.Bytes!, Id: TypedId.NewGuid(clock)))
                .ToList();
            await InsertAsync(connection, bodies, cancellationToken);
            await connection.RunAsync("delete from quarantine where id = any ($1)", [Uuids(rows.Select(row => row.Id))], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            Replayed += bodies.Count;
            Expired += rows.Count - bodies.Count;
            return rows.Count == most;
        }

        public async Task<long> CountRemainingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
        {
            var counts = await connection.ReadAsync(
                $"select count(*) from quarantine where {Chosen}",
                Choice(),
                row => row.GetInt64(0),
                cancellationToken
            );
            return counts[0];
        }

        private object?[] Choice() =>
            [request.Ids is null ? null : Uuids(request.Ids), request.Reason is { Length: > 0 } reason ? reason : null];

        private async Task InsertAsync(
            NpgsqlConnection connection,
            List<(string? TraceParent, byte[] Bytes, Guid Id)> bodies,
            CancellationToken cancellationToken
        )
        {
            var contents = bodies.ConvertAll(body => sealer.SealRaw(body.Id, body.Bytes));
            await connection.RunAsync(
                """
                insert into intake (id, arrived_at, epoch, nonce, ciphertext, tag, trace_parent)
                select id, $2, epoch, nonce, ciphertext, tag, trace_parent
                from unnest($1, $3, $4, $5, $6, $7) as b(id, epoch, nonce, ciphertext, tag, trace_parent)
                """,
                [
                    Uuids(bodies.Select(body => body.Id)),
                    clock.GetUtcNow(),
                    Texts(contents.Select(content => content.Epoch)),
                    Bytes(contents.Select(content => content.Nonce)),
                    Bytes(contents.Select(content => content.Ciphertext)),
                    Bytes(contents.Select(content => content.Tag)),
                    Texts(bodies.Select(body => body.TraceParent)),
                ],
                cancellationToken
            );
            await connection.RunAsync($"select pg_notify('{SplitIntake.Channel}', '')", [], cancellationToken);
        }

        private static Row Read(NpgsqlDataReader row) =>
            new(
                row.GetGuid(0),
                row.GetFieldValue<DateTimeOffset>(1),
                new SealedContent
                {
                    Epoch = row.GetString(2),
                    Nonce = row.GetFieldValue<byte[]>(3),
                    Ciphertext = row.GetFieldValue<byte[]>(4),
                    Tag = row.GetFieldValue<byte[]>(5),
                },
                row.IsDBNull(6) ? null : row.GetString(6)
            );

        private sealed record Row(Guid Id, DateTimeOffset ArrivedAt, SealedContent Content, string? TraceParent);
    }
}
