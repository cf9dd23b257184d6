using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>A claimed body. The attempt is counted before the work, in a commit of its own: a body that kills its process is known for it.</summary>
internal sealed record ClaimedBody(Guid Id, DateTimeOffset ArrivedAt, SealedContent Content, int Attempts, string? TraceParent);

/// <summary>
/// Makes messages, statuses and threads of what was taken in. Woken after each commit of the intake; any number of replicas share the rows.
/// </summary>
internal sealed partial class SplitIntake(
    WorkDb<GatewayDbContext> work,
    SplitBatch batch,
    KeepDayPartitions<GatewayDbContext> partitions,
    IntakeMetrics metrics,
    TimeProvider clock,
    ILogger<SplitIntake> logger
) : Sweeper(logger)
{
    private const int MostBodies = 256;
    private const int MostAttempts = 3;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private const string ClaimSql = """
        with due as (
            select id from intake where claimed_until is null or claimed_until < $1 order by arrived_at, id limit $2 for update skip locked
        )
        update intake set attempts = attempts + 1, claimed_until = $3 from due where intake.id = due.id
        returning intake.id, arrived_at, epoch, nonce, ciphertext, tag, attempts, trace_parent
        """;

    private readonly ILogger _logger = logger;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var bodies = await ClaimAsync(cancellationToken);
        if (bodies.Count == 0)
        {
            metrics.Oldest(TimeSpan.Zero);
            return false;
        }
        metrics.Oldest(clock.GetUtcNow() - bodies[0].ArrivedAt);
        foreach (var spent in bodies.Where(body => body.Attempts > MostAttempts))
            await batch.QuarantineAsync(spent, "attempts", cancellationToken);

        var fresh = bodies.Where(body => body.Attempts <= MostAttempts).ToList();
        if (!await TrySplitAsync(fresh, cancellationToken))
        {
            // One of them is the trouble: by themselves the others go through.
            foreach (var body in fresh)
                await TrySplitAsync([body], cancellationToken);
        }
        return bodies.Count == MostBodies;
    }

    private async Task<bool> TrySplitAsync(List<ClaimedBody> bodies, CancellationToken cancellationToken)
    {
        if (bodies.Count == 0)
            return true;
        try
        {
            await batch.SplitAsync(bodies, cancellationToken);
            return true;
        }
        catch (PostgresException missing)
            when (missing.SqlState == PostgresErrorCodes.CheckViolation && missing.TableName is null or "message_log")
        {
            // The clock jumped over the days that are there.
            await partitions.EnsureAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The third failure of a body sends it to quarantine; its neighbours go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            NotSplit(_logger, bodies.Count, error.GetType().Name, (error as PostgresException)?.SqlState ?? "-");
        }
        return await ReleaseAsync(bodies, cancellationToken);
    }

    private async Task<List<ClaimedBody>> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        var bodies = await connection.ReadAsync(
            ClaimSql,
            [now, MostBodies, now + Lease],
            row => new ClaimedBody(
                row.GetGuid(0),
                row.GetFieldValue<DateTimeOffset>(1),
                new()
                {
                    Epoch = row.GetString(2),
                    Nonce = row.GetFieldValue<byte[]>(3),
                    Ciphertext = row.GetFieldValue<byte[]>(4),
                    Tag = row.GetFieldValue<byte[]>(5),
                },
                row.GetInt32(6),
                row.IsDBNull(7) ? null : row.GetString(7)
            ),
            cancellationToken
        );
        bodies.Sort((one, other) => (one.ArrivedAt, one.Id).CompareTo((other.ArrivedAt, other.Id)));
        return bodies;
    }

    // Due again at once: a failed attempt is counted, the next one need not wait for the lease.
    private async Task<bool> ReleaseAsync(List<ClaimedBody> bodies, CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(
            "update intake set claimed_until = null where id = any ($1)",
            [bodies.Select(body => body.Id).ToArray()],
            cancellationToken
        );
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} webhooks could not be split ({Error} {SqlState})")]
    private static partial void NotSplit(ILogger logger, int count, string error, string sqlState);
}
