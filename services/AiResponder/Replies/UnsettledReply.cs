using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Ids;

namespace WpAsis.AiResponder.Replies;

/// <summary>What was said last and may still be on its way: what is said next must not overtake it.</summary>
internal static class UnsettledReply
{
    public static Task<ReplyId?> FindUnsettledReplyAsync(
        this ResponderDbContext db,
        ThreadId thread,
        CancellationToken cancellationToken
    ) =>
        db
            .Replies.Where(reply => reply.ThreadId == thread && reply.State == ReplyState.Generated)
            .OrderByDescending(reply => reply.FromSeq)
            .Select(reply => (ReplyId?)reply.ReplyId)
            .FirstOrDefaultAsync(cancellationToken);
}
