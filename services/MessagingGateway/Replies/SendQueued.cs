using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// Sends what is due: many threads at once, one message of a thread at a time. Any number of replicas do it; the thread's row lock
/// decides who. Woken by NOTIFY when a reply is queued, swept for what waits for a moment. A slow call holds up its own thread only.
/// </summary>
internal sealed partial class SendQueued(
    WorkDb<GatewayDbContext> work,
    ClaimSend claim,
    CloudApiClient graph,
    RecordOutcome record,
    IntakeWatch intake,
    SendMetrics metrics,
    TimeProvider clock,
    ILogger<SendQueued> logger
) : Sweeper(logger)
{
    /// <summary>Name of the notification that wakes it.</summary>
    public const string Channel = "send";

    private static readonly ActivitySource Source = new("WpAsis.Replies");
    private const int MostAtOnce = 64;
    private const int Look = 512;
    private readonly ConcurrentDictionary<ThreadId, Task> _underWay = new();

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    /// <summary>Runs until nothing is due and every call has ended.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        do
        {
            await RunNowAsync(cancellationToken);
            await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken);
        } while (await FindDueAsync(cancellationToken) is { Count: > 0 });
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // A call that is under way gets its answer written down; who is killed instead leaves it to the statuses.
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (tenant, thread) in await FindDueAsync(cancellationToken))
            {
                if (_underWay.Count >= MostAtOnce)
                    return false;
                Start(tenant, thread);
            }
        }
        catch (NpgsqlException)
        {
            intake.Away();
            throw;
        }
        return false;
    }

    private void Start(TenantId tenant, ThreadId thread)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_underWay.TryAdd(thread, ended.Task))
            _ = Task.Run(() => RunThreadAsync(tenant, thread, ended), CancellationToken.None);
    }

    private async Task RunThreadAsync(TenantId tenant, ThreadId thread, TaskCompletionSource ended)
    {
        var sent = await SendAllAsync(tenant, thread);
        _underWay.TryRemove(thread, out var _);
        ended.SetResult();
        // Something may have been queued after the last look and before the removal. After an error the interval is the pause.
        if (sent)
            Wake();
    }

    private async Task<bool> SendAllAsync(TenantId tenant, ThreadId thread)
    {
        try
        {
            while (await claim.RunAsync(tenant, thread, CancellationToken.None) is { } call)
                await SendAsync(call);
            return true;
        }
#pragma warning disable CA1031 // One thread's trouble is not the others': its row is due again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (error is NpgsqlException || error.InnerException is NpgsqlException)
                intake.Away();
            SendFailed(logger, thread, error.GetType().Name);
            return false;
        }
    }

    private async Task SendAsync(SendCall call)
    {
        using var activity = Source.StartActivity("send reply", ActivityKind.Internal, call.Send.TraceParent);
        activity?.SetTag("reply.id", call.Send.ReplyId.ToString());
        if (call.IsRepeat)
            metrics.Repeated();
        // Not cancelled by a shutdown: a call that has begun ends by its own limit, so that its outcome is known.
        var answer = await graph.SendAsync(call.Access, call.Message, CancellationToken.None);
        await record.RunAsync(call, answer, CancellationToken.None);
    }

    private async Task<List<(TenantId Tenant, ThreadId Thread)>> FindDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ReadAsync(
            """
            select tenant_id, thread_id from send_route where next_at <= $1 and not thread_id = any ($2)
            group by tenant_id, thread_id order by min(next_at) limit $3
            """,
            [clock.GetUtcNow(), _underWay.Keys.Select(thread => thread.Value).ToArray(), Look],
            row => (new TenantId(row.GetGuid(0)), new ThreadId(row.GetGuid(1))),
            cancellationToken
        );
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sending in {Thread} failed with {Error}; it is tried again")]
    private static partial void SendFailed(ILogger logger, ThreadId thread, string error);
}
