using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>Who answers from now on, and whether a message of the assistant may still arrive.</summary>
internal sealed record ThreadModeResponse(ThreadMode Mode, long Version, bool MayStillArrive);

/// <summary>
/// Gives a thread to a person or back to the assistant, under its row lock: a sender that came before has marked its call,
/// one that comes after sees the new mode. A second time changes nothing.
/// </summary>
internal sealed class ChangeMode(GatewayDbContext db, CallFence fence, GraphSettings graph, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Changes the mode; null when there is no such thread.</summary>
    public async Task<ThreadModeResponse?> RunAsync(TenantId tenant, ThreadId thread, ThreadMode mode, CancellationToken cancellationToken)
    {
        var version = await db.InTenantAsync(
            tenant,
            (inner, token) => SetMode.RunAsync(inner.Connection(), tenant, thread, mode, clock, token),
            cancellationToken
        );
        if (version is not { } now)
            return null;
        var mayStillArrive = mode is ThreadMode.Human && await WaitForCallsAsync(tenant, thread, cancellationToken);
        return new(mode, now, mayStillArrive);
    }

    // Calls that began before the change end on their own; at most the limit of a call is waited for them.
    private async Task<bool> WaitForCallsAsync(TenantId tenant, ThreadId thread, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(graph.Timeout);
        using var timer = new PeriodicTimer(Look);
        try
        {
            await fence.WaitAsync(thread, limit.Token);
            while (await CountAsync(tenant, thread, "Sending", limit.Token) > 0)
                await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        return await CountAsync(tenant, thread, "Unknown", cancellationToken) > 0;
    }

    private Task<int> CountAsync(TenantId tenant, ThreadId thread, string state, CancellationToken cancellationToken) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                var open = await inner
                    .Connection()
                    .ReadAsync("select 1 from send where thread_id = $1 and state = $2 limit 1", [thread.Value, state], _ => true, token);
                return open.Count;
            },
            cancellationToken
        );
}
