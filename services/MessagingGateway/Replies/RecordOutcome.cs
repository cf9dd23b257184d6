using System.Security.Cryptography;
using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Writes down what came of a call: accepted, to be tried again, unknown, or dropped. A status may have been faster.</summary>
internal sealed class RecordOutcome(
    WorkDb<GatewayDbContext> work,
    OpenCircuit circuit,
    WamidIndex wamids,
    IntakeWatch intake,
    SendTimes times,
    SendMetrics metrics,
    TimeProvider clock
)
{
    /// <summary>Records one answer.</summary>
    public async Task RunAsync(SendCall call, GraphAnswer answer, CancellationToken cancellationToken)
    {
        metrics.Called(answer.Verdict);
        await using var db = work.CreateContext();
        await db.InTenantAsync(call.Tenant, (inner, token) => RecordAsync(inner, call, answer, token), cancellationToken);
    }

    private async Task RecordAsync(GatewayDbContext db, SendCall call, GraphAnswer answer, CancellationToken cancellationToken)
    {
        var connection = db.Connection();
        // The same order of locks as in the claim: thread, send, channel.
        var thread = await ThreadRow.LockAsync(connection, call.Send.ThreadId, cancellationToken);
        var send = await SendRow.LockAsync(connection, call.Send.ReplyId, cancellationToken);
        await MessageLog.AttemptAsync(connection, call, answer, clock, cancellationToken);
        if (answer is { Verdict: GraphVerdict.Accepted, Wamid: { } wamid })
        {
            await MessageLog.AcceptAsync(connection, call, wamid, wamids.Of(wamid), clock.GetUtcNow(), cancellationToken);
            await OpenCircuit.CloseAfterTrialAsync(connection, call.Send.ChannelId, cancellationToken);
            await AcceptAsync(connection, call, cancellationToken);
            return;
        }
        if (answer.Verdict is GraphVerdict.MarketingOptOut)
            await RecordOptOutAsync(connection, call, cancellationToken);
        if (answer.Verdict is GraphVerdict.StopNumber)
            await circuit.OpenAsync(connection, call.Tenant, call.Send.ChannelId, answer.Code, cancellationToken);
        // A status that carries our id was faster than the answer, or another sender took it up after our time.
        if (send is null || !IsOurs(call, send))
            return;
        if (answer.Verdict is GraphVerdict.RetryPair && thread is not null)
            await PausePairAsync(connection, thread, send, cancellationToken);
        await SettleAsync(connection, call, send, answer, cancellationToken);
    }

    private static bool IsOurs(SendCall call, SendRow send) =>
        send.State is SendState.Sending or SendState.Unknown && send.MessageId == call.Message.MessageId && send.Attempts == call.Attempt;

    private Task AcceptAsync(NpgsqlConnection connection, SendCall call, CancellationToken cancellationToken) =>
        RecordAcceptance.RunAsync(
            connection,
            call.Tenant,
            [call.Message.MessageId],
            [clock.GetUtcNow()],
            metrics,
            clock,
            cancellationToken
        );

    private async Task SettleAsync(
        NpgsqlConnection connection,
        SendCall call,
        SendRow send,
        GraphAnswer answer,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var retries = answer.Verdict is GraphVerdict.RetryMessage or GraphVerdict.RetryPair;
        if (answer.Verdict is GraphVerdict.OutcomeUnknown)
            await SetAsync(connection, send, SendState.Unknown, resent: call.IsRepeat, UnknownUntil(call, send), cancellationToken);
        else if (call.IsRepeat)
            await RefuseRepeatAsync(connection, call, send, retries ? NextTry(send, answer, now) : null, cancellationToken);
        else if (retries)
            await SetAsync(connection, send, SendState.Queued, resent: false, NextTry(send, answer, now), cancellationToken);
        else
            await new FinishSend(connection, call.Tenant, metrics, clock).DropAsync(send, ReasonOf(answer.Verdict), cancellationToken);
    }

    // The refusal is about the second call; the first one may still have been taken, so it is the first one that counts again.
    private static async Task RefuseRepeatAsync(
        NpgsqlConnection connection,
        SendCall call,
        SendRow send,
        DateTimeOffset? nextTry,
        CancellationToken cancellationToken
    )
    {
        var nextAt = nextTry ?? send.SendBefore + SendTimes.UnknownEndsAfter;
        await SetAsync(connection, send, SendState.Unknown, resent: nextTry is null, nextAt, cancellationToken);
        await connection.RunAsync(
            "update send set called_at = $2 where reply_id = $1",
            [send.ReplyId.Value, call.Send.CalledAt],
            cancellationToken
        );
    }

    private DateTimeOffset UnknownUntil(SendCall call, SendRow send) =>
        call.IsRepeat
            ? send.SendBefore + SendTimes.UnknownEndsAfter
            : (call.CalledAt > intake.LastAway ? call.CalledAt : intake.LastAway) + times.StatusWait;

    // Not later than its time, so that whoever waits for the reply hears in time that it is dropped.
    private static DateTimeOffset NextTry(SendRow send, GraphAnswer answer, DateTimeOffset now)
    {
        var spread = RandomNumberGenerator.GetInt32(1_000) / 1_000d;
        var next = now + SendTimes.PauseAfter(send.Attempts, answer.RetryAfter, spread);
        return next < send.SendBefore ? next : send.SendBefore;
    }

    // Meta says that this contact wants no marketing: kept by the same hashes by which the contact is known.
    private Task<int> RecordOptOutAsync(NpgsqlConnection connection, SendCall call, CancellationToken cancellationToken) =>
        connection.RunAsync(
            """
            insert into opt_out (tenant_id, alias_hmac, scope, at)
            select tenant_id, hmac, 'Marketing', $2 from vault.alias where subject = $1
            on conflict (tenant_id, alias_hmac, scope) do nothing
            """,
            [call.Send.Subject.Value, clock.GetUtcNow()],
            cancellationToken
        );

    private static Task<int> PausePairAsync(
        NpgsqlConnection connection,
        ThreadRow thread,
        SendRow send,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            "update thread set pair_at = greatest(coalesce(pair_at, $2), $2) where id = $1",
            [thread.Id.Value, SendPace.Pair.BlockUntil(send.CalledAt!.Value + SendTimes.PairPauseAfter(send.Attempts))],
            cancellationToken
        );

    private static async Task SetAsync(
        NpgsqlConnection connection,
        SendRow send,
        SendState state,
        bool resent,
        DateTimeOffset nextAt,
        CancellationToken cancellationToken
    )
    {
        await connection.RunAsync(
            "update send set state = $2, resent = $3, next_at = $4 where reply_id = $1",
            [send.ReplyId.Value, state.ToString(), resent, nextAt],
            cancellationToken
        );
        await connection.RunAsync(
            "update send_route set next_at = $2 where reply_id = $1",
            [send.ReplyId.Value, nextAt],
            cancellationToken
        );
    }

    private static DropReason ReasonOf(GraphVerdict verdict) =>
        verdict switch
        {
            GraphVerdict.StopNumber => DropReason.ChannelBlocked,
            GraphVerdict.WindowClosed => DropReason.WindowClosed,
            _ => DropReason.Refused,
        };
}
