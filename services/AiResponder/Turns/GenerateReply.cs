using System.Diagnostics;
using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Replies;

namespace WpAsis.AiResponder.Turns;

/// <summary>A claimed turn from its opening to its seal. No connection is held while the model runs.</summary>
internal sealed partial class GenerateReply(
    OpenTurn open,
    ComposeReply compose,
    SealReply seal,
    ReleaseTurn release,
    ReachDatabase database,
    ModelSettings model,
    TimeProvider clock,
    ILogger<GenerateReply> logger
)
{
    private static readonly ActivitySource Source = new("WpAsis.Turns");
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public async Task RunAsync(RunningTurn running)
    {
        try
        {
            var turn = await database.RunAsync(token => open.OpenAsync(running.Claim, token), running.Token);
            if (turn is null)
                return;
            using var activity = Source.StartActivity("generate reply", ActivityKind.Consumer, turn.TraceParent);
            activity?.SetTag("turn.id", turn.TurnId.ToString());
            await GenerateAsync(running, turn);
        }
        catch (OperationCanceledException) when (running.Interruption is TurnInterruption.Stopped)
        {
            await database.RunAsync(token => release.GiveBackAsync(running.Claim, token), running.Finish);
        }
        catch (OperationCanceledException) when (running.Interruption is not TurnInterruption.None)
        {
            // The thread was closed or is another's: there is nothing to give back.
        }
#pragma warning disable CA1031 // One turn's error is its own: the lease runs out and it is tried again, three times at most.
        catch (Exception error)
#pragma warning restore CA1031
        {
            TurnFailed(logger, running.Claim.ThreadId.ToString(), error.GetType().Name);
        }
    }

    private async Task GenerateAsync(RunningTurn running, OpenedTurn turn)
    {
        var use = new ModelUse();
        running.Watch(turn.Version, turn.HardVersion, turn.Rebuilds >= seal.MaxRebuilds);
        var reply = default(ComposedReply);
        var (reason, pause) = (TurnReason.None, default(TimeSpan?));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(running.Token);
            limit.CancelAfter(LimitOf(turn));
            reply = await compose.ComposeAsync(turn, use, limit.Token);
        }
#pragma warning disable CA1031 // Whatever a model call throws is judged in one place.
        catch (Exception error)
#pragma warning restore CA1031
        {
            (reply, reason, pause) = Judge(running, turn, error);
        }
        // What is left to do after the model is done while the turn can still be answered, and even while the process ends.
        using var finish = CancellationTokenSource.CreateLinkedTokenSource(running.Finish);
        finish.CancelAfter(TurnClock.Later(turn.Deadline, clock.GetUtcNow() + RunningTurn.FinishLimit) - clock.GetUtcNow());
        if (reply is not null && await database.RunAsync(token => seal.SealAsync(turn, reply, use, token), finish.Token))
            return;
        if (reply is not null)
            reason = ReasonOf(running.Interruption) ?? TurnReason.NewMessage;
        if (running.Interruption is not TurnInterruption.LeaseLost)
            await database.RunAsync(token => release.ReleaseAsync(turn, reason, use, pause, token), finish.Token);
    }

    private (ComposedReply? Reply, TurnReason Reason, TimeSpan? Pause) Judge(RunningTurn running, OpenedTurn turn, Exception error)
    {
        // Whose token fired decides: cancelling and timing out look alike.
        if (ReasonOf(running.Interruption) is { } interrupted)
            return (null, interrupted, null);
        var fault = ModelFailure.Of(error);
        if (fault is ModelFault.Declined)
            return (ComposeReply.Declined(turn), TurnReason.Declined, null);
        ModelFailed(logger, turn.TurnId.ToString(), fault.ToString(), error.GetType().Name);
        return (null, fault is ModelFault.Away ? TurnReason.ModelAway : TurnReason.Error, ModelFailure.RetryAfter(error));
    }

    private TimeSpan LimitOf(OpenedTurn turn)
    {
        var left = TurnClock.Earlier(turn.SendBefore, turn.Deadline) - clock.GetUtcNow() - Margin;
        return left < TimeSpan.Zero ? TimeSpan.Zero
            : left < model.Timeout ? left
            : model.Timeout;
    }

    private static TurnReason? ReasonOf(TurnInterruption interruption) =>
        interruption switch
        {
            TurnInterruption.NewMessage => TurnReason.NewMessage,
            TurnInterruption.Changed => TurnReason.Changed,
            TurnInterruption.Stopped => TurnReason.Stopped,
            TurnInterruption.LeaseLost => TurnReason.Changed,
            _ => null,
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model failed turn {TurnId}: {Fault} ({Error})")]
    private static partial void ModelFailed(ILogger logger, string turnId, string fault, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The turn of thread {ThreadId} failed with {Error}; its lease runs out")]
    private static partial void TurnFailed(ILogger logger, string threadId, string error);
}
