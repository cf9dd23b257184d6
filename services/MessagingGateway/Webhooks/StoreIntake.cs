using System.Threading.Channels;
using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.ServiceDefaults.Data;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// The one writer of intake: it takes what has gathered while the last commit was under way, stores it by one statement in one commit,
/// and only then are all of them answered. What waits is bounded, in number and in bytes; what does not fit is refused at once.
/// </summary>
internal sealed partial class StoreIntake(
    WorkDb<GatewayDbContext> work,
    SplitIntake split,
    KeptBodies keep,
    IntakeWatch watch,
    IntakeMetrics metrics,
    TimeProvider clock,
    ILogger<StoreIntake> logger
) : BackgroundService
{
    private const int MostRows = 512;
    private const int MostBytes = 8 * 1024 * 1024;
    private const int MostWaiting = 4_096;
    private const long MostWaitingBytes = 48L * 1024 * 1024;

    private const string Insert = """
        insert into intake (id, arrived_at, epoch, nonce, ciphertext, tag, trace_parent, attempts, claimed_until)
        select *, $8::int, $9::timestamptz from unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    // Only a repeat can meet its own rows, and only it pays for looking.
    private const string InsertAgain = Insert + " on conflict (id) do nothing";

    private readonly Channel<IntakeBody> _waiting = Channel.CreateBounded<IntakeBody>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );
    private readonly List<IntakeBody> _batch = new(MostRows);
    private long _waitingBytes;

    /// <summary>
    /// Hands a body over; false when too much is waiting already. The body is the writer's from then on, whatever the answer.
    /// </summary>
    public bool TryEnqueue(IntakeBody body)
    {
        if (Interlocked.Add(ref _waitingBytes, body.Length) <= MostWaitingBytes && _waiting.Writer.TryWrite(body))
            return true;
        Interlocked.Add(ref _waitingBytes, -body.Length);
        body.Dispose();
        return false;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                Gather();
                await StoreAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What still waits is answered below.
        }
        finally
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var body))
                Refuse(body);
        }
    }

    private void Gather()
    {
        var bytes = 0;
        while (_batch.Count < MostRows && bytes < MostBytes && _waiting.Reader.TryRead(out var body))
        {
            Interlocked.Add(ref _waitingBytes, -body.Length);
            bytes += body.Length;
            _batch.Add(body);
        }
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        var batch = _batch.ToArray();
        _batch.Clear();
        // What this process splits itself is claimed with the insertion: neither read nor unsealed again.
        var kept = keep.TryReserve(batch);
        try
        {
            await InsertAsync(batch, kept, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever went wrong, everybody who waits gets an answer and the writer goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (kept)
                keep.Forget(batch);
            await RecoverAsync(batch, error, cancellationToken);
            return;
        }
        metrics.Stored(batch.Length);
        foreach (var body in batch)
            body.Answer(IntakeOutcome.Stored);
        if (kept)
        {
            split.Offer(batch);
            return;
        }
        foreach (var body in batch)
            body.Dispose();
        split.Wake();
    }

    // A data error is one body's, and nobody else's. Anything else is the database's.
    private async Task RecoverAsync(IntakeBody[] batch, Exception error, CancellationToken cancellationToken)
    {
        StoreFailed(logger, batch.Length, error.GetType().Name);
        var isData = error is PostgresException { IsTransient: false };
        if (!isData)
            watch.Away();
        foreach (var body in batch)
        {
            if (isData && batch.Length > 1 && await TryStoreAloneAsync(body, cancellationToken))
                body.Answer(IntakeOutcome.Stored);
            else
                body.Answer(IntakeOutcome.Away);
            body.Dispose();
        }
    }

    private async Task<bool> TryStoreAloneAsync(IntakeBody body, CancellationToken cancellationToken)
    {
        try
        {
            await InsertAsync([body], claimed: false, cancellationToken);
            metrics.Stored(1);
            return true;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private async Task InsertAsync(IntakeBody[] batch, bool claimed, CancellationToken cancellationToken)
    {
        try
        {
            await InsertOnceAsync(Insert, batch, claimed, cancellationToken);
        }
        catch (NpgsqlException error) when (error is not PostgresException { IsTransient: false })
        {
            // After a restart of the database every pooled connection is dead: once more on a new one. The ids make a repeat harmless.
            work.DataSource.Clear();
            await InsertOnceAsync(InsertAgain, batch, claimed, cancellationToken);
        }
    }

    private async Task InsertOnceAsync(string sql, IntakeBody[] batch, bool claimed, CancellationToken cancellationToken)
    {
        // A connection per batch: one that is kept would answer errors for ever after a restart.
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(
            sql,
            [
                Uuids(batch.Select(body => body.Id)),
                Times(batch.Select(body => body.ArrivedAt)),
                Texts(batch.Select(body => body.Sealed.Epoch)),
                Bytes(batch.Select(body => body.Sealed.Nonce)),
                Bytes(batch.Select(body => body.Sealed.Ciphertext)),
                Bytes(batch.Select(body => body.Sealed.Tag)),
                Texts(batch.Select(body => body.TraceParent)),
                claimed ? 1 : 0,
                claimed ? clock.GetUtcNow() + ClaimIntake.Lease : null,
            ],
            cancellationToken
        );
        if (!claimed)
            await connection.RunAsync($"select pg_notify('{SplitIntake.Channel}', '')", [], cancellationToken);
    }

    private static void Refuse(IntakeBody body)
    {
        body.Answer(IntakeOutcome.Away);
        body.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} webhooks could not be stored ({Error}); Meta sends them again")]
    private static partial void StoreFailed(ILogger logger, int count, string error);
}
