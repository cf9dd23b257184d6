using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Messages;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Values;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Gives events their effect in the caller's transaction, set-wise: repeats are known first, then one tenant after the other, in
/// ascending order, then quarantine and the outbox. All of it stands or falls with the deletion of the bodies.
/// </summary>
internal sealed class WriteBatch(WriteTenant writer, WamidKeys keys, QuarantineItems quarantine, TimeProvider clock)
{
    public async Task<WrittenCounts> RunAsync(
        NpgsqlConnection connection,
        IReadOnlyList<IncomingItem> items,
        IReadOnlyList<IncomingTrouble> troubles,
        CancellationToken cancellationToken
    )
    {
        var counts = new WrittenCounts();
        var aside = troubles.ToList();
        var bus = new BatchMessages();
        if (items.Count > 0)
        {
            await connection.RunAsync(ErasureGate.Enter, [], cancellationToken);
            var routes = await FindRoutesAsync(connection, items, cancellationToken);
            var routed = Route(items, routes, aside, counts);
            await WriteAsync(connection, routed, routes, bus, counts, cancellationToken);
        }
        await quarantine.RunAsync(connection, aside, counts, cancellationToken);
        await PublishBatch.RunAsync(connection, bus, clock, cancellationToken);
        return counts;
    }

    private async Task WriteAsync(
        NpgsqlConnection connection,
        List<IncomingItem> items,
        Dictionary<string, NumberRoute> routes,
        BatchMessages bus,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        var messages = items.OfType<IncomingMessage>().ToList();
        var fresh = await keys.TakeNewAsync(connection, messages, cancellationToken);
        counts.Duplicates += messages.Count - fresh.Count;
        var references = await keys.FindAsync(connection, Referred(fresh, items), cancellationToken);

        var tenants = new SortedDictionary<Guid, TenantWork>();
        var repeated = messages.Except(fresh).ToHashSet<IncomingItem>();
        foreach (var item in items.Where(item => !repeated.Contains(item)))
        {
            var route = routes[item.Value.PhoneNumberId];
            if (!tenants.TryGetValue(route.Tenant.Value, out var work))
                work = tenants[route.Tenant.Value] = new TenantWork(route.Tenant, route.Window);
            Add(work, item, route);
        }
        foreach (var work in tenants.Values)
            await writer.RunAsync(connection, work, references, bus, counts, cancellationToken);
    }

    private static IEnumerable<(IncomingItem, Wamid)> Referred(List<IncomingMessage> messages, List<IncomingItem> items)
    {
        foreach (var message in messages)
        {
            if (message.Concerns is { } original)
                yield return (message, original);
            if (message.Quotes is { } quoted)
                yield return (message, quoted);
        }
        foreach (var status in items.OfType<IncomingStatus>())
            yield return (status, status.Wamid);
    }

    private static void Add(TenantWork work, IncomingItem item, NumberRoute route)
    {
        switch (item)
        {
            case IncomingMessage message:
                work.Named.Add((message, route.Channel));
                break;
            case IncomingStatus status:
                work.Statuses.Add(status);
                break;
            case IncomingPreference preference:
                work.Preferences.Add(preference);
                break;
            case IncomingLink link:
                work.Named.Add((link, null));
                break;
            default:
                throw new InvalidOperationException($"{item.GetType().Name} has no place.");
        }
    }

    // A number nobody connected: its change is put aside. One that was taken away: nothing of it is kept.
    private static List<IncomingItem> Route(
        IReadOnlyList<IncomingItem> items,
        Dictionary<string, NumberRoute> routes,
        List<IncomingTrouble> aside,
        WrittenCounts counts
    )
    {
        var routed = new List<IncomingItem>(items.Count);
        var unknown = new HashSet<IncomingValue>();
        foreach (var item in items)
        {
            if (!routes.TryGetValue(item.Value.PhoneNumberId, out var route))
                unknown.Add(item.Value);
            else if (route.Connected)
                routed.Add(item);
        }
        aside.AddRange(unknown.Select(value => IncomingTrouble.Of(value, "unknown-number")));
        counts.UnknownNumbers += unknown.Count;
        return routed;
    }

    private static async Task<Dictionary<string, NumberRoute>> FindRoutesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<IncomingItem> items,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadAsync(
            """
            select c.phone_number_id, c.tenant_id, c.channel_id, c.connected, t.window_class from channel_route c
            left join tenant_route t on t.tenant_id = c.tenant_id where c.phone_number_id = any ($1)
            """,
            [Texts(items.Select(item => item.Value.PhoneNumberId).Distinct(StringComparer.Ordinal))],
            row =>
                (
                    Number: row.GetString(0),
                    Route: new NumberRoute(new(row.GetGuid(1)), new(row.GetGuid(2)), row.GetBoolean(3), WindowOf(row.Maybe<int>(4)))
                ),
            cancellationToken
        );
        return rows.ToDictionary(row => row.Number, row => row.Route, StringComparer.Ordinal);
    }

    private static WindowClass WindowOf(int? hours) =>
        hours is { } chosen && Enum.IsDefined((WindowClass)chosen) ? (WindowClass)chosen : WindowClass.Hours24;
}
