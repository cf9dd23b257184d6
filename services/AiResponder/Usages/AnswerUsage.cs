using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Usages;

/// <summary>Billing said yes. It may come before anybody has claimed the turn, twice, or when the turn is long over.</summary>
internal sealed class GrantUsageConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<UsageReserved>
{
    public async Task Consume(ConsumeContext<UsageReserved> context)
    {
        var (tenant, usage, thread) = (context.Message.TenantId, context.Message.UsageId, context.Message.ThreadId);
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            tenant,
            clock,
            (inner, token) => inner.AnswerAsync(tenant, thread, usage, UsageState.Granted, null, clock, token)
        );
    }
}

/// <summary>Billing said no.</summary>
internal sealed class DenyUsageConsumer(WorkDb<ResponderDbContext> work, TimeProvider clock) : IConsumer<UsageDenied>
{
    public async Task Consume(ConsumeContext<UsageDenied> context)
    {
        var (tenant, usage, thread) = (context.Message.TenantId, context.Message.UsageId, context.Message.ThreadId);
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(
            db,
            tenant,
            clock,
            (inner, token) => inner.AnswerAsync(tenant, thread, usage, UsageState.Denied, context.Message.Reason, clock, token)
        );
    }
}

internal static class UsageAnswers
{
    /// <summary>
    /// Writes billing's answer and wakes the turn that waits for it. Only the first answer counts, and only while one is open.
    /// </summary>
    public static async Task AnswerAsync(
        this ResponderDbContext db,
        TenantId tenant,
        ThreadId threadId,
        UsageId usageId,
        UsageState answer,
        DenialReason? reason,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        // The clock first: whoever ends a turn holds it and then takes the usage.
        var thread = await db
            .Clocks.FromSql($"select * from turn_clock where thread_id = {threadId.Value} and tenant_id = {tenant.Value} for update")
            .ToListAsync(cancellationToken);
        var usage = await db.Usages.SingleOrDefaultAsync(
            usage => usage.UsageId == usageId && usage.ThreadId == threadId,
            cancellationToken
        );
        if (thread is not [var waiting] || usage?.State is not UsageState.Asked)
            return;
        usage.State = answer;
        usage.Reason = reason;
        usage.RepeatAt = null;
        if (waiting is { IsPending: true, Owner: null, Silent: false } && waiting.FirstPendingSeq == usage.FromSeq)
            waiting.WakeAt = TurnClock.Later(waiting.DueAt ?? clock.GetUtcNow(), clock.GetUtcNow());
    }
}
