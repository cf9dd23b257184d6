using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// The one conditional statement that ends a turn with the model's reply: clock, attempt, reply, usage and outbox together, or
/// nothing at all when the lease, the thread or the messages have changed. Then the text is thrown away.
/// </summary>
internal sealed class SealReply(WorkDb<ResponderDbContext> work, WriteNotice notice, TurnSettings settings, TimeProvider clock)
{
    /// <summary>So often a newer message starts the answer again; then it is finished and sent.</summary>
    public short MaxRebuilds => settings.MaxRebuilds;

    /// <summary>False when nothing was sealed.</summary>
    public async Task<bool> SealAsync(OpenedTurn turn, ComposedReply reply, ModelUse use, CancellationToken cancellationToken)
    {
        var content = notice.Seal(turn.Claim.TenantId, turn.Claim.ThreadId, turn.ReplyId, turn.Window, reply.Text);
        await using var db = work.CreateContext();
        return await db.InTenantAsync(
            turn.Claim.TenantId,
            (inner, token) => SealAsync(inner, turn, reply, content, use, token),
            cancellationToken
        );
    }

    private async Task<bool> SealAsync(
        ResponderDbContext db,
        OpenedTurn turn,
        ComposedReply reply,
        SealedContent content,
        ModelUse use,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var (tenant, thread) = (turn.Claim.TenantId.Value, turn.Claim.ThreadId.Value);
        var billed = reply.Outcome is not ReplyOutcome.Notice;
        var next = NextUsage(turn, now);
        var outbox = new OutboxColumns(Messages(turn, reply, content, billed), [next.Command(settings.CostCeiling)], now, clock);
        var (columns, ends) = (SealedContentColumn.Pack(content), SealedContentColumn.EndOf(content));
        Guid? usageOfReply = billed ? turn.UsageId.Value : null;
        var usageState = (billed ? UsageState.Used : UsageState.Released).ToString();
        var (collect, collectAtMost, maxAge) = (turn.Pace.Collect, turn.Pace.CollectAtMost, turn.Pace.MaxReplyAge);
        // What came while the model ran is known by the clock row alone: another table would be read as of the statement's start.
        var rows = await db
            .Database.SqlQuery<int>(
                $"""
                with sealed as (
                    update turn_clock set answered_seq = {turn.ToSeq}, owner = null, rebuilds = 0, attempts = 0, delays = 0,
                        first_pending_at = overflow_at, overflow_at = null, deadline_at = overflow_at + {maxAge},
                        due_at = case when overflow_at is not null then least(newest_at + {collect}, overflow_at + {collectAtMost}) end,
                        wake_at = case when overflow_at is not null
                            then greatest(least(newest_at + {collect}, overflow_at + {collectAtMost}), {now}) end,
                        reserved_seq = case when overflow_at is null then reserved_seq else {next.FromSeq} end
                    where thread_id = {thread} and fence = {turn.Claim.Fence} and owner = {turn.Claim.Owner} and not silent
                        and hard_version = {turn.HardVersion} and answered_seq + 1 = {turn.FromSeq}
                        and (version = {turn.Version} or rebuilds >= {settings.MaxRebuilds})
                    returning first_pending_at is not null as more),
                ended as (
                    update turn set state = 'Sealed', reason = {reply.Reason.ToString()}, model = {use.Model}, calls = {use.Calls},
                        input_tokens = {use.InputTokens}, output_tokens = {use.OutputTokens}, changed_at = {now}
                    from sealed where thread_id = {thread} and from_seq = {turn.FromSeq} and fence = {turn.Claim.Fence}),
                said as (
                    insert into reply (reply_id, tenant_id, thread_id, from_seq, to_seq, outcome, state, usage_id, created_at,
                        content, content_ends_at)
                    select {turn.ReplyId.Value}, {tenant}, {thread}, {turn.FromSeq}, {turn.ToSeq}, {reply.Outcome.ToString()}, 'Generated',
                        {usageOfReply}::uuid, {now}, {columns}, {ends} from sealed),
                used as (
                    update usage set state = {usageState}, repeat_at = null from sealed where usage_id = {turn.UsageId.Value}),
                asked as (
                    insert into usage (usage_id, tenant_id, thread_id, from_seq, state, expires_at, asked_at, repeat_count, repeat_at)
                    select {next.UsageId.Value}, {tenant}, {thread}, {next.FromSeq}, 'Asked', {next.ExpiresAt}, {now}, 0, {next.RepeatAt}
                    from sealed where more),
                told as (
                    insert into outbox (message_id, type, body, trace_parent, created_at, attempts, next_at)
                    select m.id, m.type, m.body, {outbox.TraceParent}::text, {now}, 0, {now}
                    from sealed, unnest({outbox.Ids}, {outbox.Types}, {outbox.Bodies}, {outbox.OnlyIfMore}) as m(id, type, body, if_more)
                    where more or not m.if_more)
                select count(*)::int as "Value" from sealed
                """
            )
            .ToListAsync(cancellationToken);
        return rows[0] == 1;
    }

    private Usage NextUsage(OpenedTurn turn, DateTimeOffset now) =>
        new()
        {
            UsageId = Turn.UsageIdOf(turn.Claim.ThreadId, turn.ToSeq + 1),
            TenantId = turn.Claim.TenantId,
            ThreadId = turn.Claim.ThreadId,
            FromSeq = turn.ToSeq + 1,
            State = UsageState.Asked,
            // Those messages are a call's length old at most; from now on is later than from then on, and computed once all the same.
            ExpiresAt = Usage.EndAt(now + turn.Pace.MaxReplyAge + settings.ReservationMargin),
            AskedAt = now,
            RepeatAt = now + Usage.Repeats[0],
        };

    private static List<object> Messages(OpenedTurn turn, ComposedReply reply, SealedContent content, bool billed)
    {
        List<object> messages =
        [
            new ReplyGenerated
            {
                TenantId = turn.Claim.TenantId,
                ReplyId = turn.ReplyId,
                UsageId = billed ? turn.UsageId : null,
                TurnId = turn.TurnId,
                ChannelId = turn.ChannelId,
                ThreadId = turn.Claim.ThreadId,
                SubjectId = turn.SubjectId,
                FirstSequence = turn.FromSeq,
                Follows = turn.Follows,
                Answers = turn.Answers,
                Outcome = reply.Outcome,
                SendBefore = turn.SendBefore,
                Content = content,
            },
        ];
        if (!billed)
        {
            messages.Add(
                new UsageReleased
                {
                    TenantId = turn.Claim.TenantId,
                    UsageId = turn.UsageId,
                    ThreadId = turn.Claim.ThreadId,
                }
            );
        }
        if (reply.Outcome is ReplyOutcome.HandOver)
        {
            messages.Add(
                new SendNotice
                {
                    TenantId = turn.Claim.TenantId,
                    NoticeId = TypedId.Derive<NoticeId>(nameof(NoticeKind.HandOverRequested), turn.ReplyId.Value),
                    Notice = NoticeKind.HandOverRequested,
                    Values = new Dictionary<string, string>(StringComparer.Ordinal),
                    Link = "/conversations",
                }
            );
        }
        return messages;
    }
}

/// <summary>Messages as columns of one insert into the outbox.</summary>
internal sealed class OutboxColumns
{
    public OutboxColumns(IReadOnlyList<object> always, IReadOnlyList<object> onlyIfMore, DateTimeOffset now, TimeProvider clock)
    {
        TraceParent = Activity.Current?.Id;
        OutboxMessage[] rows = [.. always.Concat(onlyIfMore).Select(message => RowOf(message, now, clock))];
        Ids = [.. rows.Select(row => row.MessageId)];
        Types = [.. rows.Select(row => row.Type)];
        Bodies = [.. rows.Select(row => row.Body)];
        OnlyIfMore = [.. rows.Select((_, i) => i >= always.Count)];
    }

    public string? TraceParent { get; }

    public Guid[] Ids { get; }

    public string[] Types { get; }

    public byte[][] Bodies { get; }

    public bool[] OnlyIfMore { get; }

    private static OutboxMessage RowOf(object message, DateTimeOffset now, TimeProvider clock) =>
        new()
        {
            MessageId = TypedId.NewGuid(clock),
            Type = MessageTypes.NameOf(message.GetType()),
            Body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), MessageTypes.Json),
            CreatedAt = now,
            NextAt = now,
        };
}
