using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>
/// Calls for a thread that leave no row behind pass together; who has silenced the assistant passes alone, and so knows that they have
/// ended. A process that dies passes no more.
/// </summary>
internal sealed class CallFence(WorkDb<GatewayDbContext> work)
{
    /// <summary>Makes a call; whether it may still be made is asked inside.</summary>
    public Task CallAsync(ThreadId thread, Func<Task> call, CancellationToken cancellationToken) =>
        PassAsync("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", thread, call, cancellationToken);

    /// <summary>Waits until no call is under way. Those that come after it see what was committed before.</summary>
    public Task WaitAsync(ThreadId thread, CancellationToken cancellationToken) =>
        PassAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", thread, () => Task.CompletedTask, cancellationToken);

    private async Task PassAsync(string gate, ThreadId thread, Func<Task> call, CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(gate, connection))
        {
            command.Parameters.Add(new() { Value = thread.ToString() });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await call();
    }
}
