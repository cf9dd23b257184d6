using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Takes stored bodies apart: many at once in one transaction, body by body when that fails, event by event when a body fails for the
/// third time. What then still fails goes to quarantine, and its neighbours go on. Woken by the writer and by other replicas, swept
/// behind.
/// </summary>
internal sealed partial class SplitIntake(
    WorkDb<GatewayDbContext> work,
    ClaimIntake claim,
    WriteBatch write,
    KeptBodies kept,
    KeepDayPartitions<GatewayDbContext> partitions,
    IntakeMetrics metrics,
    TimeProvider clock,
    ILogger<SplitIntake> logger
) : Sweeper(logger)
{
    /// <summary>Name of the notification that wakes it.</summary>
    public const string Channel = "intake";

    private const int MostRows = 1_024;
    private const int MostBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(50);
    private readonly ILogger _logger = logger;
    private long _beganAt;
    private long _lookedAt;

    /// <inheritdoc />
    public override int Order => 50;

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    /// <summary>Hands over bodies that were stored, claimed and reserved for this process.</summary>
    public void Offer(IntakeBody[] batch)
    {
        kept.Add(batch);
        Wake();
    }

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await GatherAsync(cancellationToken);
        var mine = kept.Take(MostRows, MostBytes);
        if (mine.Count > 0)
            await SplitAsync(mine, cancellationToken);
        if (mine.Count > 0 && clock.GetElapsedTime(_lookedAt) < Look)
            return true;

        _lookedAt = clock.GetTimestamp();
        var claimed = await claim.RunAsync(MostRows / 4, cancellationToken);
        if (claimed.Count > 0)
            await SplitAsync(claimed, cancellationToken);
        await claim.MeasureAsync(cancellationToken);
        return mine.Count + claimed.Count > 0;
    }

    // A lone body is split at once. Where many come, splits begin some time apart: a transaction costs the same for one as for many, and
    // its commit holds those up who wait for theirs.
    private async Task GatherAsync(CancellationToken cancellationToken)
    {
        if (kept.Rows == 0)
            return;
        var left = Apart - TimeProvider.System.GetElapsedTime(_beganAt);
        if (left > TimeSpan.Zero && kept.Rows < MostRows)
            await Task.Delay(left, TimeProvider.System, cancellationToken);
        _beganAt = TimeProvider.System.GetTimestamp();
    }

    private async Task SplitAsync(List<IntakeBody> bodies, CancellationToken cancellationToken)
    {
        try
        {
            if (!await TryTogetherAsync(bodies, cancellationToken))
            {
                foreach (var body in bodies)
                    await SplitAloneAsync(body, cancellationToken);
            }
        }
        catch (Exception error) when (IsDatabaseAway(error))
        {
            await GiveBackAsync(bodies, cancellationToken);
            throw;
        }
        finally
        {
            bodies.ForEach(body => body.Dispose());
        }
    }

    private async Task<bool> TryTogetherAsync(List<IntakeBody> bodies, CancellationToken cancellationToken)
    {
        // A body that failed before is not let near others, and one that failed for the last time is not read again.
        if (bodies.Exists(body => body.Attempts > (bodies.Count == 1 ? ClaimIntake.MostAttempts : 1)))
            return false;
        try
        {
            using var batch = ReadBatch(bodies);
            await RunAsync(batch.Items, batch.Troubles, bodies, cancellationToken);
            return true;
        }
        catch (Exception error) when (!IsDatabaseAway(error) && !cancellationToken.IsCancellationRequested)
        {
            BatchFailed(_logger, bodies.Count, error.GetType().Name, (error as PostgresException)?.SqlState);
            return bodies.Count == 1 && await FailAsync(bodies[0], cancellationToken);
        }
    }

    private async Task SplitAloneAsync(IntakeBody body, CancellationToken cancellationToken)
    {
        if (body.Attempts > ClaimIntake.MostAttempts)
            await QuarantineAsync(body, cancellationToken);
        else
            await TryTogetherAsync([body], cancellationToken);
    }

    private async Task<bool> FailAsync(IntakeBody body, CancellationToken cancellationToken)
    {
        if (body.Attempts >= ClaimIntake.MostAttempts)
            await SplitByEventAsync(body, cancellationToken);
        else
            await claim.ReleaseAsync([body], clock.GetUtcNow(), counts: true, cancellationToken);
        return true;
    }

    private async Task SplitByEventAsync(IntakeBody body, CancellationToken cancellationToken)
    {
        var troubles = new List<IncomingTrouble>();
        try
        {
            using var batch = ReadBatch([body]);
            troubles.AddRange(batch.Troubles);
            foreach (var item in batch.Items)
            {
                try
                {
                    await RunAsync([item], [], [], cancellationToken);
                }
                catch (Exception error) when (!IsDatabaseAway(error) && !cancellationToken.IsCancellationRequested)
                {
                    troubles.Add(IncomingTrouble.Of(item, "refused"));
                }
            }
            await RunAsync([], troubles, [body], cancellationToken);
        }
        catch (Exception error) when (!IsDatabaseAway(error) && !cancellationToken.IsCancellationRequested)
        {
            await QuarantineAsync(body, cancellationToken);
        }
    }

    private Task QuarantineAsync(IntakeBody body, CancellationToken cancellationToken) =>
        RunAsync([], [IncomingTrouble.Of(body, "attempts")], [body], cancellationToken);

    private async Task RunAsync(
        IReadOnlyList<IncomingItem> items,
        IReadOnlyList<IncomingTrouble> troubles,
        IReadOnlyList<IntakeBody> done,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await RunOnceAsync(items, troubles, done, cancellationToken);
        }
        // Its connections died with a restart, or two transactions met: once more. What was committed after all is known as a repeat.
        catch (NpgsqlException error) when (error.IsTransient || error is not PostgresException)
        {
            work.DataSource.Clear();
            await RunOnceAsync(items, troubles, done, cancellationToken);
        }
        // No partition for the day: the clock jumped, or the sweeper that makes days was away.
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
        {
            await partitions.EnsureAsync(cancellationToken);
            await RunOnceAsync(items, troubles, done, cancellationToken);
        }
        metrics.Split(done, clock.GetUtcNow());
    }

    private async Task RunOnceAsync(
        IReadOnlyList<IncomingItem> items,
        IReadOnlyList<IncomingTrouble> troubles,
        IReadOnlyList<IntakeBody> done,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var counts = await write.RunAsync(connection, items, troubles, cancellationToken);
        await ClaimIntake.DeleteAsync(connection, done.Select(body => body.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        metrics.Written(counts);
    }

    private async Task GiveBackAsync(List<IntakeBody> bodies, CancellationToken cancellationToken)
    {
        try
        {
            await claim.ReleaseAsync(bodies, clock.GetUtcNow(), counts: false, cancellationToken);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            // Then the lease ends by itself.
            BatchFailed(_logger, bodies.Count, error.GetType().Name, null);
        }
    }

    private IntakeBatch ReadBatch(IEnumerable<IntakeBody> bodies)
    {
        var batch = new IntakeBatch();
        foreach (var body in bodies)
            WebhookPayload.Read(body, batch, metrics);
        return batch;
    }

    private static bool IsDatabaseAway(Exception error) =>
        error is NpgsqlException { IsTransient: true } or TimeoutException or NpgsqlException and not PostgresException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} webhooks could not be split together ({Error} {SqlState})")]
    private static partial void BatchFailed(ILogger logger, int count, string error, string? sqlState);
}
