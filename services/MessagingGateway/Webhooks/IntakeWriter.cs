using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>A body to be stored.</summary>
internal sealed record IntakeBody(Guid Id, DateTimeOffset ArrivedAt, SealedContent Content, string? TraceParent);

/// <summary>
/// Many concurrent POSTs in one statement and one commit. The queue is bounded: more is answered 503 at once, and Meta sends again.
/// </summary>
internal sealed partial class IntakeWriter(
    WorkDb<GatewayDbContext> work,
    SplitIntake splitter,
    IntakeWatch watch,
    IntakeMetrics metrics,
    ILogger<IntakeWriter> logger
) : BackgroundService
{
    private const int MostWaiting = 4_096;
    private const int MostRows = 512;
    private const int MostBytes = 8 * 1024 * 1024;

    private const string Sql = """
        insert into intake (id, arrived_at, epoch, nonce, ciphertext, tag, trace_parent)
        select * from unnest($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing
        """;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    /// <summary>True when it is committed; false when it is not, and must be sent again.</summary>
    public Task<bool> WriteAsync(IntakeBody body)
    {
        var waiting = new Waiting(body);
        if (_queue.Writer.TryWrite(waiting))
            return waiting.Stored.Task;
        metrics.Full();
        return Task.FromResult(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(MostRows);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                var bytes = 0;
                while (batch.Count < MostRows && bytes < MostBytes && _queue.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                    bytes += next.Body.Content.Ciphertext.Length;
                }
                await StoreAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever still waits is told to send again.
        }
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var left))
            left.Stored.TrySetResult(false);
    }

    private async Task StoreAsync(List<Waiting> batch, CancellationToken stoppingToken)
    {
        var stored = false;
        try
        {
            // A fresh connection each time: one that was kept over a restart of the database answers errors for ever.
            await using var command = work.DataSource.CreateCommand(Sql);
            Fill(command, batch);
            await command.ExecuteNonQueryAsync(stoppingToken);
            stored = true;
            metrics.Stored(batch.Count);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait must hear that nothing was stored.
        catch (Exception error)
#pragma warning restore CA1031
        {
            watch.Away();
            NotStored(logger, batch.Count, error.GetType().Name);
        }
        foreach (var waiting in batch)
            waiting.Stored.TrySetResult(stored);
        if (stored)
            splitter.Wake();
    }

    private static void Fill(NpgsqlCommand command, List<Waiting> batch)
    {
        command.Parameters.Add(new() { Value = batch.ConvertAll(item => item.Body.Id) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(item => item.Body.ArrivedAt) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(item => item.Body.Content.Epoch) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(item => item.Body.Content.Nonce) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(item => item.Body.Content.Ciphertext) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(item => item.Body.Content.Tag) });
        command.Parameters.Add(
            new() { Value = batch.ConvertAll(item => item.Body.TraceParent), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
        );
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} webhooks could not be stored ({Error}); Meta sends them again")]
    private static partial void NotStored(ILogger logger, int count, string error);

    private sealed record Waiting(IntakeBody Body)
    {
        public TaskCompletionSource<bool> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
