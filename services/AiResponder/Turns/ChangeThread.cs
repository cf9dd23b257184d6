using MassTransit;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.AiResponder.Turns;

/// <summary>A person took over, the contact said stop, or the thread came back: the highest version wins, whatever arrives first.</summary>
internal sealed class ChangeThreadConsumer(WorkDb<ResponderDbContext> work, Vault vault, TimeProvider clock) : IConsumer<ThreadChanged>
{
    public async Task Consume(ConsumeContext<ThreadChanged> context)
    {
        var change = context.Message;
        await using var db = work.CreateContext();
        await context.ConsumeOnceAsync(db, change.TenantId, clock, (inner, token) => ChangeAsync(inner, change, token));
    }

    private async Task ChangeAsync(ResponderDbContext db, ThreadChanged change, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync(ErasureGate.Enter, cancellationToken);
        if (await vault.IsErasedAsync(db, change.SubjectId, cancellationToken))
            return;
        var first = new TurnClock
        {
            ThreadId = change.ThreadId,
            TenantId = change.TenantId,
            SubjectId = change.SubjectId,
        };
        var clocks = await db.LockClocksAsync([first], cancellationToken);
        var thread = clocks[change.ThreadId];
        if (thread.TenantId != change.TenantId)
            throw new BadMessageException("foreign-thread");
        if (!thread.Apply(change.Version, change.Mode, change.OptedOut, change.Erased) || !thread.IsPending)
            return;
        await db.CloseAsync(thread, thread.SilentBecause, clock, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyWorkersAsync([thread], cancellationToken);
    }
}
