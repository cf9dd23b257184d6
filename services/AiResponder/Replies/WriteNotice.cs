using System.Text.Json;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.AiResponder;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Replies;

/// <summary>What a notice is about.</summary>
/// <param name="Thread">The locked clock.</param>
/// <param name="Parts">The messages that wait.</param>
/// <param name="Language">Of the contact.</param>
/// <param name="Window">The customer's window.</param>
internal sealed record NoticeDraft(TurnClock Thread, IReadOnlyList<TurnPart> Parts, string Language, WindowClass Window);

/// <summary>
/// Ends a turn with a fixed text: no model was asked, nothing is billed, and what was reserved goes back in the same transaction.
/// </summary>
internal sealed class WriteNotice(ContentSealer sealer, TimeProvider clock)
{
    // A text about a question is of use while the contact looks at the phone.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public async Task EndAsync(
        ResponderDbContext db,
        NoticeDraft draft,
        TurnReason reason,
        string text,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var thread = draft.Thread;
        var usage = await db.ReleaseUsageAsync(thread, clock, cancellationToken);
        var (from, to) = thread.Close();
        var replyId = Turn.ReplyIdOf(thread.ThreadId, from);
        var follows = await db.FindUnsettledReplyAsync(thread.ThreadId, cancellationToken);
        var content = Seal(thread.TenantId, thread.ThreadId, replyId, draft.Window, new ReplyText(text, draft.Language, [], []));
        db.Turns.Add(ClockRows.EndOf(thread, from, to, TurnState.Sealed, reason, usage, now));
        db.Replies.Add(
            new Reply
            {
                ReplyId = replyId,
                TenantId = thread.TenantId,
                ThreadId = thread.ThreadId,
                FromSeq = from,
                ToSeq = to,
                Outcome = ReplyOutcome.Notice,
                State = ReplyState.Generated,
                CreatedAt = now,
                Content = content,
                ContentEndsAt = SealedContentColumn.EndOf(content),
            }
        );
        db.Publish(
            new ReplyGenerated
            {
                TenantId = thread.TenantId,
                ReplyId = replyId,
                TurnId = Turn.IdOf(thread.ThreadId, from),
                ChannelId = thread.ChannelId!.Value,
                ThreadId = thread.ThreadId,
                SubjectId = thread.SubjectId,
                FirstSequence = from,
                Follows = follows,
                Answers = [.. draft.Parts.Where(part => part.State is not PartState.Revoked).Select(part => part.MessageId)],
                Outcome = ReplyOutcome.Notice,
                SendBefore = TurnClock.Earlier(now + Fresh, thread.WindowClosesAt ?? now + Fresh),
                Content = content,
            },
            clock
        );
    }

    /// <summary>The words of a reply, sealed for the place where the gateway and the memory look for them.</summary>
    public SealedContent Seal(TenantId tenant, ThreadId thread, ReplyId reply, WindowClass window, ReplyText text) =>
        sealer.Seal(
            new ContentAddress(tenant, thread, reply.Value, Reply.Kind),
            window,
            JsonSerializer.SerializeToUtf8Bytes(text, JsonSerializerOptions.Web)
        );
}

/// <summary>The plaintext of a reply's sealed content, as the gateway reads it.</summary>
internal sealed record ReplyText(string Text, string Language, IReadOnlyList<string> CopyBlocks, IReadOnlyList<string> SuggestedReplies);
