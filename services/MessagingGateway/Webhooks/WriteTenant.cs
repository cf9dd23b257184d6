using Npgsql;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Messages;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// What happened to one tenant. The order is the order of locks, and the same everywhere: names, threads in ascending order, sends, log.
/// </summary>
internal sealed class WriteTenant(
    ResolveContacts resolve,
    LockThreads locks,
    RecordStatuses statuses,
    ConfirmStop confirm,
    AliasIndex aliases,
    ContentSealer sealer,
    TimeProvider clock
)
{
    public async Task RunAsync(
        NpgsqlConnection connection,
        TenantWork work,
        References references,
        BatchMessages bus,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        await connection.SetTenantAsync(work.Tenant, cancellationToken);
        var messages = await ResolveAsync(connection, work, counts, cancellationToken);
        await RecordPreferencesAsync(connection, work, counts, cancellationToken);
        var states = await RecordStatuses.FindAsync(connection, work, references, counts, cancellationToken);

        var threads = await locks.RunAsync(
            connection,
            work.Tenant,
            [.. messages.Select(item => (item.Channel, item.Contact))],
            [.. messages.Where(item => item.Message.KeyWord is not null).Select(item => item.Contact.Subject).Distinct()],
            [.. states.Select(state => state.Thread!.Value).Distinct()],
            cancellationToken
        );
        var taken = new TakeInMessages(sealer, clock);
        taken.Run(work, messages, threads, references, bus, counts);
        await statuses.RecordAsync(connection, work, states, threads, bus, cancellationToken);
        await ObeyAsync(connection, work, taken, counts, cancellationToken);
        await RefreshContacts.RunAsync(connection, taken.Stale, cancellationToken);
        await InsertMessages.RunAsync(connection, work.Tenant, threads, taken.Rows, cancellationToken);
        bus.Changed.AddRange(threads.Where(thread => thread.IsChanged).Select(thread => thread.Changed(work.Tenant, clock.GetUtcNow())));
    }

    private async Task<List<(IncomingMessage Message, ChannelId Channel, KnownContact Contact)>> ResolveAsync(
        NpgsqlConnection connection,
        TenantWork work,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        var requests = work.Named.ConvertAll(named => RequestOf(named.Item));
        await resolve.RunAsync(connection, work.Tenant, requests, counts, cancellationToken);
        var found = new List<(IncomingMessage, ChannelId, KnownContact)>(requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            if (work.Named[i] is (IncomingMessage message, { } channel) && requests[i].Contact is { } contact)
                found.Add((message, channel, contact));
        }
        return found;
    }

    private static ContactRequest RequestOf(IncomingItem item) =>
        item switch
        {
            IncomingMessage message => new(message.Who, message.SentAt, mayCreate: true) { Becomes = message.Becomes },
            IncomingLink link => new(link.Before, link.Value.ArrivedAt, mayCreate: false) { Becomes = link.After },
            _ => throw new InvalidOperationException($"{item.GetType().Name} names nobody."),
        };

    private async Task RecordPreferencesAsync(
        NpgsqlConnection connection,
        TenantWork work,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        foreach (var preference in work.Preferences)
        {
            var names = aliases.Identifying(work.Tenant, preference.Who);
            counts.OptOuts++;
            if (preference.Stops)
                await RecordOptOut.AddAsync(connection, work.Tenant, names, OptOutScope.Marketing, clock.GetUtcNow(), cancellationToken);
            else
                await RecordOptOut.RemoveAsync(connection, names, subject: null, OptOutScope.Marketing, cancellationToken);
        }
    }

    private async Task ObeyAsync(
        NpgsqlConnection connection,
        TenantWork work,
        TakeInMessages taken,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        var orders = taken.Orders;
        counts.OptOuts += orders.Count;
        foreach (var order in orders)
        {
            var contact = order.Thread.Contact!;
            if (order.Word.Stops)
                await RecordOptOut.AddAsync(
                    connection,
                    work.Tenant,
                    contact.Aliases,
                    OptOutScope.All,
                    clock.GetUtcNow(),
                    cancellationToken
                );
            else
                await RecordOptOut.RemoveAsync(connection, contact.Aliases, contact.Subject, OptOutScope.All, cancellationToken);
        }
        // The last word counts: who said START behind STOP in the same breath gets no confirmation of a stop.
        var last = orders.Where(order => order.Thread.OptedOut == order.Word.Stops);
        // However many codes came at once, one sentence says so.
        var proofs = taken.Proofs.DistinctBy(order => order.Thread.Id);
        await confirm.RunAsync(connection, work, [.. last, .. proofs], cancellationToken);
    }
}
