using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Messages;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>What a batch means for one tenant, set-wise, in the tenant's open transaction. Answers with what the assistant may hear.</summary>
internal sealed class SplitTenant(
    ResolveContacts contacts,
    RenameContacts renames,
    RecordPreferences preferences,
    RecordStatuses statuses,
    TakeMessages messages,
    WamidIndex wamids,
    IntakeMetrics metrics,
    TimeProvider clock
)
{
    public async Task<List<ReceivedMessage>> RunAsync(
        GatewayDbContext db,
        TenantId tenant,
        List<PayloadItem> items,
        ChannelRoutes routes,
        CancellationToken cancellationToken
    )
    {
        // Names first: a message behind a change of number is already the same person's.
        foreach (var renamed in items.OfType<RenamedItem>())
            await renames.RunAsync(db, tenant, renamed, cancellationToken);
        foreach (var preference in items.OfType<PreferenceItem>())
            await preferences.RunAsync(db, tenant, preference, cancellationToken);

        var arrivals = await FirstTimeAsync(db, items, routes, cancellationToken);
        var published = await TakeAsync(db, tenant, arrivals, cancellationToken);
        await statuses.RunAsync(db, tenant, [.. items.OfType<StatusItem>()], routes, cancellationToken);
        Count(items);
        return published;
    }

    private async Task<List<ReceivedMessage>> TakeAsync(
        GatewayDbContext db,
        TenantId tenant,
        List<Arrival> arrivals,
        CancellationToken cancellationToken
    )
    {
        if (arrivals.Count == 0)
            return [];
        var people = await contacts.RunAsync(db, tenant, [.. arrivals.Select(arrival => arrival.Person)], cancellationToken);
        // What an erased person said before their erasure is nobody's; the person who writes now is somebody new.
        var alive = arrivals
            .Zip(people, (arrival, person) => arrival with { Contact = person })
            .Where(arrival => arrival.Contact!.Key is not null && !(arrival.Contact.ErasedAt >= arrival.Time.SentAt))
            .ToList();
        return await messages.RunAsync(db, tenant, alive, cancellationToken);
    }

    // The key is written in the transaction of its effect: a repeat finds it and does nothing, a failure takes it away again.
    private async Task<List<Arrival>> FirstTimeAsync(
        GatewayDbContext db,
        List<PayloadItem> items,
        ChannelRoutes routes,
        CancellationToken cancellationToken
    )
    {
        var arrivals = items.Select(item => ArrivalOf(item, routes)).OfType<Arrival>().ToList();
        if (arrivals.Count == 0)
            return arrivals;
        var ordered = arrivals
            .OrderBy(arrival => arrival.Route.PhoneNumberId, StringComparer.Ordinal)
            .ThenBy(arrival => arrival.HmacText)
            .ToList();
        var taken = await db.Connection()
            .ReadAsync(
                """
                insert into message_key (phone_number_id, wamid_hmac, message_id, arrived_at) select * from unnest($1, $2, $3, $4)
                on conflict (phone_number_id, wamid_hmac) do nothing returning message_id
                """,
                [
                    ordered.Select(arrival => arrival.Route.PhoneNumberId).ToArray(),
                    ordered.Select(arrival => arrival.WamidHmac).ToArray(),
                    ordered.Select(arrival => arrival.Id.Value).ToArray(),
                    ordered.Select(arrival => arrival.Item.Origin.ArrivedAt).ToArray(),
                ],
                row => row.GetGuid(0),
                cancellationToken
            );
        var fresh = taken.ToHashSet();
        metrics.Duplicates(arrivals.Count - fresh.Count);
        return [.. arrivals.Where(arrival => fresh.Contains(arrival.Id.Value))];
    }

    private Arrival? ArrivalOf(PayloadItem item, ChannelRoutes routes) =>
        item switch
        {
            InboundItem inbound => Arrived(inbound, inbound.Wamid, new(inbound.From, inbound.DisplayName), inbound.Timestamp, routes),
            EchoItem echo => Arrived(echo, echo.Wamid, new(echo.To, null), echo.Timestamp, routes),
            _ => null,
        };

    private Arrival Arrived(PayloadItem item, Wamid wamid, Sighting person, string? timestamp, ChannelRoutes routes)
    {
        var hmac = wamids.Of(wamid);
        return new(
            item,
            routes.Of(item),
            wamid,
            hmac,
            person,
            MessageTime.Read(timestamp, item.Origin.ArrivedAt),
            TypedId.New<MessageId>(clock)
        );
    }

    private void Count(List<PayloadItem> items)
    {
        foreach (var group in items.GroupBy(item => item.GetType().Name))
            metrics.Item(group.Key[..^"Item".Length].ToLowerInvariant(), group.Count());
    }
}

/// <summary>A message that is here for the first time.</summary>
internal sealed record Arrival(
    PayloadItem Item,
    RouteOf Route,
    Wamid Wamid,
    byte[] WamidHmac,
    Sighting Person,
    MessageTime Time,
    MessageId Id
)
{
    public string HmacText { get; } = Convert.ToHexString(WamidHmac);

    public ResolvedContact? Contact { get; init; }
}
