using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>
/// Calls for a thread that leave no row behind pass together; who has silenced the assistant passes alone, and so knows that they have
/// ended. A process that dies passes no more.
/// </summary>
internal sealed class CallFence(WorkDb<GatewayDbContext> work) : IDisposable
{
    /// <summary>Calls at once. Each holds a connection as long as Graph takes: the others are left to the intake.</summary>
    public const int Places = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly SemaphoreSlim _places = new(Places);

    /// <summary>Makes a call; whether it may still be made is asked inside. One that finds no place in time is left out.</summary>
    public async Task CallAsync(ThreadId thread, Func<Task> call, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(Patience, cancellationToken))
            return;
        try
        {
            await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.RunAsync("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", Name(thread), cancellationToken);
            await call();
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Waits until no call is under way. Those that come after it see what was committed before.</summary>
    public async Task WaitAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look);
        while (!await TryPassAsync(thread, cancellationToken))
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private async Task<bool> TryPassAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        return (
            await connection.ReadAsync(
                "select pg_try_advisory_xact_lock(hashtextextended($1, 0))",
                Name(thread),
                row => row.GetBoolean(0),
                cancellationToken
            )
        ).Single();
    }

    private static object?[] Name(ThreadId thread) => [thread.ToString()];
}
