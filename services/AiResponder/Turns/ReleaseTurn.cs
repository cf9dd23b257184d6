using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Data;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// Gives a claim back without an end: the turn goes on under a new fence, with the same reservation and the same reply id.
/// </summary>
internal sealed class ReleaseTurn(WorkDb<ResponderDbContext> work, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    public async Task ReleaseAsync(OpenedTurn turn, TurnReason reason, ModelUse use, TimeSpan? atLeast, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (thread, fence, owner) = (turn.Claim.ThreadId.Value, turn.Claim.Fence, turn.Claim.Owner);
        var isRebuild = reason is TurnReason.NewMessage ? 1 : 0;
        var isDelay = reason is TurnReason.ModelAway ? 1 : 0;
        // Only a lost lease and an error of ours stay counted.
        var refund = reason is TurnReason.Error ? 0 : 1;
        var earliest = TurnClock.Earlier(now + PauseOf(turn, reason, atLeast), TurnClock.Later(now, turn.Deadline));
        await using var db = work.CreateContext();
        await db.InTenantAsync(
            turn.Claim.TenantId,
            async (inner, token) =>
            {
                await inner.Database.ExecuteSqlAsync(
                    $"""
                    update turn_clock set owner = null, overflow_at = null,
                        rebuilds = rebuilds + case when hard_version = {turn.HardVersion} then {isRebuild} else 0 end,
                        delays = delays + {isDelay}, attempts = greatest(0, attempts - {refund}),
                        wake_at = case when silent or answered_seq = last_seq then null
                            else greatest({earliest}, coalesce(due_at, {earliest})) end
                    where thread_id = {thread} and fence = {fence} and owner = {owner}
                    """,
                    token
                );
                await inner.Database.ExecuteSqlAsync(
                    $"""
                    update turn set state = 'Superseded', reason = {reason.ToString()}, calls = {use.Calls},
                        input_tokens = {use.InputTokens}, output_tokens = {use.OutputTokens}, model = {use.Model}, changed_at = {now}
                    where thread_id = {thread} and from_seq = {turn.FromSeq} and fence = {fence} and state = 'Generating'
                    """,
                    token
                );
            },
            cancellationToken
        );
    }

    /// <summary>Gives back a claim that was never opened.</summary>
    public async Task GiveBackAsync(TurnClaim claim, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        await db.Database.ExecuteSqlAsync(
            $"""
            update turn_clock set owner = null, attempts = greatest(0, attempts - 1), wake_at = {clock.GetUtcNow()}
            where thread_id = {claim.ThreadId.Value} and fence = {claim.Fence} and owner = {claim.Owner}
            """,
            cancellationToken
        );
    }

    private static TimeSpan PauseOf(OpenedTurn turn, TurnReason reason, TimeSpan? atLeast)
    {
        var pause = reason switch
        {
            TurnReason.ModelAway => FirstPause * Math.Pow(2, Math.Min((int)turn.Delays, 6)),
            TurnReason.Error => FirstPause * turn.Attempts,
            _ => TimeSpan.Zero,
        };
        if (atLeast > pause)
            pause = atLeast.Value;
        return pause < LongestPause ? pause : LongestPause;
    }
}
