using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// Takes the next send of a thread, under the thread's row lock: one at a time, oldest first, by whichever replica comes first.
/// What must not go any more is dropped here; what goes is marked Sending in the same transaction, before the call.
/// </summary>
internal sealed class ClaimSend(
    WorkDb<GatewayDbContext> work,
    PrepareCall prepare,
    IntakeWatch intake,
    SendTimes times,
    SendMetrics metrics,
    TimeProvider clock
)
{
    private static readonly TimeSpan ReadingPause = TimeSpan.FromSeconds(2);

    /// <summary>The call to make now; null when the thread has none (any more, or yet).</summary>
    public async Task<SendCall?> RunAsync(TenantId tenant, ThreadId thread, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        return await db.InTenantAsync(tenant, (inner, token) => ClaimAsync(inner, tenant, thread, token), cancellationToken);
    }

    private async Task<SendCall?> ClaimAsync(GatewayDbContext db, TenantId tenant, ThreadId id, CancellationToken cancellationToken)
    {
        var connection = db.Connection();
        var thread = await ThreadRow.LockAsync(connection, id, cancellationToken);
        var now = clock.GetUtcNow();
        var finish = new FinishSend(connection, tenant, metrics, clock);
        foreach (var send in await SendRow.LockOpenAsync(connection, id, cancellationToken))
        {
            var step = await DecideAsync(connection, thread, send, finish, now, cancellationToken);
            if (step is { WaitUntil: { } until })
            {
                await WaitAsync(connection, id, until, cancellationToken);
                return null;
            }
            if (!step.Go)
                continue;
            var prepared = await prepare.RunAsync(db, tenant, thread!, send, now, cancellationToken);
            if (prepared.Call is { } call)
                return call;
            if (prepared.WaitUntil is { } free)
            {
                await WaitAsync(connection, id, free, cancellationToken);
                return null;
            }
            await GiveUpAsync(connection, finish, send, prepared.Reason!.Value, cancellationToken);
        }
        return null;
    }

    private async Task<Step> DecideAsync(
        NpgsqlConnection connection,
        ThreadRow? thread,
        SendRow send,
        FinishSend finish,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (send.State is SendState.Sending && send.CalledAt + times.CallLimit > now)
            return Step.Wait(send.CalledAt!.Value + times.CallLimit);
        if (send.State is SendState.Sending or SendState.Unknown)
            return await DecideUnknownAsync(connection, thread, send, finish, now, cancellationToken);
        if (send.NextAt > now)
            return Step.Wait(send.NextAt);
        if (await CheckSend.FindReasonAsync(connection, thread, send, now, cancellationToken) is not { } reason)
            return Step.Call;
        await finish.DropAsync(send, reason, cancellationToken);
        return Step.Skip;
    }

    // The status that carries our id settles it. Without one it is sent once more, and then it waits to the end of its time.
    private async Task<Step> DecideUnknownAsync(
        NpgsqlConnection connection,
        ThreadRow? thread,
        SendRow send,
        FinishSend finish,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var end = send.SendBefore + SendTimes.UnknownEndsAfter;
        if (now >= end)
        {
            await finish.DropAsync(send, DropReason.Unknown, cancellationToken);
            return Step.Skip;
        }
        var statusDue = Later(send.CalledAt!.Value, intake.LastAway) + times.StatusWait;
        if (!send.Resent && now < statusDue)
        {
            await MarkUnknownAsync(connection, send, statusDue, cancellationToken);
            // A newer answer does not overtake this one, but it does not wait for an intake that is away either.
            return now < send.CalledAt + times.StatusWait ? Step.Wait(send.CalledAt!.Value + times.StatusWait) : Step.Skip;
        }
        if (send.State is SendState.Unknown && send.NextAt > now)
            return send.NextAt >= end ? Step.Skip : Step.Wait(send.NextAt);
        if (send.Resent || await CheckSend.FindReasonAsync(connection, thread, send, now, cancellationToken) is not null)
        {
            await MarkUnknownAsync(connection, send, end, cancellationToken);
            return Step.Skip;
        }
        return await HasUnreadStatusesAsync(connection, statusDue, cancellationToken) ? Step.Wait(now + ReadingPause) : Step.Call;
    }

    // It was called before: what stands against it now does not tell whether it went out then.
    private static async Task GiveUpAsync(
        NpgsqlConnection connection,
        FinishSend finish,
        SendRow send,
        DropReason reason,
        CancellationToken cancellationToken
    )
    {
        if (send.State is SendState.Queued)
            await finish.DropAsync(send, reason, cancellationToken);
        else
            await MarkUnknownAsync(connection, send, send.SendBefore + SendTimes.UnknownEndsAfter, cancellationToken);
    }

    private static async Task<bool> HasUnreadStatusesAsync(
        NpgsqlConnection connection,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var waiting = await connection.ReadAsync(
            "select from (select arrived_at from intake order by id limit 1) oldest where arrived_at <= $1",
            [until],
            _ => true,
            cancellationToken
        );
        return waiting.Count > 0;
    }

    private static async Task MarkUnknownAsync(
        NpgsqlConnection connection,
        SendRow send,
        DateTimeOffset nextAt,
        CancellationToken cancellationToken
    )
    {
        await connection.RunAsync(
            "update send set state = 'Unknown', next_at = $2 where reply_id = $1",
            [send.ReplyId.Value, nextAt],
            cancellationToken
        );
        await connection.RunAsync(
            "update send_route set next_at = $2 where reply_id = $1",
            [send.ReplyId.Value, nextAt],
            cancellationToken
        );
    }

    // All of the thread wait for the same thing, so that none is looked at in vain.
    private static Task<int> WaitAsync(
        NpgsqlConnection connection,
        ThreadId thread,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            "update send_route set next_at = $2 where thread_id = $1 and next_at < $2",
            [thread.Value, until],
            cancellationToken
        );

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private readonly record struct Step(bool Go, DateTimeOffset? WaitUntil)
    {
        public static Step Call { get; } = new(true, null);

        public static Step Skip { get; } = new(false, null);

        public static Step Wait(DateTimeOffset until) => new(false, until);
    }
}
