using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.DataSubjects;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.AiResponder.Turns;

/// <summary>
/// One transaction for a batch: threads in ascending order (two batches never wait for each other in a circle), and for each
/// customer its rows by one statement. A message id that is there already changes nothing.
/// </summary>
internal sealed class TakeInMessages(WorkDb<ResponderDbContext> work, TimeProvider clock, TurnSettings settings)
{
    private static readonly ActivitySource Source = new("WpAsis.Turns");

    public async Task TakeInAsync(IReadOnlyList<ReceivedMessage> items, CancellationToken cancellationToken)
    {
        foreach (var item in items)
            Validate(item);
        await using var db = work.CreateContext();
        await db.InTransactionAsync((inner, token) => TakeInAsync(inner, items, token), cancellationToken);
    }

    private async Task<bool> TakeInAsync(ResponderDbContext db, IReadOnlyList<ReceivedMessage> items, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlRawAsync(ErasureGate.Enter, cancellationToken);
        items = await db.WithoutErasedAsync(items, cancellationToken);
        var clocks = await db.LockClocksAsync([.. items.DistinctBy(item => item.ThreadId).Select(TurnClock.For)], cancellationToken);
        if (items.Any(item => clocks[item.ThreadId].TenantId != item.TenantId))
            throw new BadMessageException("foreign-thread");
        var tenants = items.Select(item => item.TenantId).Distinct().ToList();
        var routes = await db.TenantRoutes.AsNoTracking().Where(route => tenants.Contains(route.TenantId)).ToListAsync(cancellationToken);

        foreach (var ofTenant in items.GroupBy(item => item.TenantId).OrderBy(group => group.Key.Value))
        {
            var pace = settings.PaceOf(routes.Find(route => route.TenantId == ofTenant.Key));
            await db.SetTenantAsync(ofTenant.Key, cancellationToken);
            await TakeInAsync(db, clocks, [.. ofTenant], pace, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
        await db.NotifyWorkersAsync(clocks.Values, cancellationToken);
        return true;
    }

    private async Task TakeInAsync(
        ResponderDbContext db,
        Dictionary<ThreadId, TurnClock> clocks,
        List<ReceivedMessage> items,
        TurnPace pace,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var known = await db.KnownAsync(items, cancellationToken);
        var fresh = items.Where(item => known.Add(item.MessageId)).OrderBy(item => item.ThreadId.Value);
        var messages = new MessageRows();
        var amendments = new AmendmentRows();
        foreach (var ofThread in fresh.ThenBy(item => item.SentAt).ThenBy(item => item.Sequence).GroupBy(item => item.ThreadId))
        {
            var thread = clocks[ofThread.Key];
            var newest = ofThread.MaxBy(item => item.ThreadVersion)!;
            var fellSilent = thread.Apply(newest.ThreadVersion, newest.Mode, newest.OptedOut, erased: false);
            foreach (var item in ofThread)
                TakeIn(db, thread, item, pace, now, messages, amendments);
            if (thread.IsPending && (thread.Silent || fellSilent))
                await db.CloseAsync(thread, thread.SilentBecause, clock, cancellationToken);
        }
        await messages.InsertAsync(db, cancellationToken);
        await amendments.InsertAsync(db, cancellationToken);
    }

    private void TakeIn(
        ResponderDbContext db,
        TurnClock thread,
        ReceivedMessage item,
        TurnPace pace,
        DateTimeOffset now,
        MessageRows messages,
        AmendmentRows amendments
    )
    {
        using var activity = Source.StartActivity("take in message", ActivityKind.Consumer, item.TraceParent);
        activity?.SetTag("message.id", item.MessageId.ToString());
        if (item.Kind is MessageKind.Edit or MessageKind.Revoke)
        {
            amendments.Add(item);
            thread.Change(now);
            return;
        }
        messages.Add(item, thread.Take(item, now, pace));
        if (!thread.Silent && IsReadable(item) && thread.ReservedSeq < thread.FirstPendingSeq)
            db.AskForUsage(thread, settings, clock);
    }

    // Without words there is nothing to ask a model about: such a turn needs no reservation.
    private static bool IsReadable(ReceivedMessage item) => item.Content is not null && item.Kind is not MessageKind.Sticker;

    private static void Validate(ReceivedMessage item)
    {
        if (item.Kind is MessageKind.Edit or MessageKind.Revoke && item.Concerns is null)
            throw new BadMessageException("concerns-nothing");
        if (item.Content is not { } content)
            return;
        try
        {
            _ = SealedContentColumn.EndOf(content);
            _ = SealedContentColumn.Pack(content);
        }
        catch (Exception error) when (error is CryptographicException or OverflowException)
        {
            throw new BadMessageException("content-form");
        }
    }
}
