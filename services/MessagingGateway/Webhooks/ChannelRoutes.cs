using Npgsql;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Which number of which tenant an item arrived at.</summary>
internal sealed record RouteOf(string PhoneNumberId, string WabaId, ChannelId ChannelId, TenantId TenantId, WindowClass Window);

/// <summary>Finds tenants by Meta's ids: by the number, else by the business account where it has one number only.</summary>
internal sealed class ChannelRoutes
{
    private readonly Dictionary<string, RouteOf> _byNumber;
    private readonly ILookup<string, RouteOf> _byAccount;

    private ChannelRoutes(List<RouteOf> routes)
    {
        _byNumber = routes.ToDictionary(route => route.PhoneNumberId, StringComparer.Ordinal);
        _byAccount = routes.ToLookup(route => route.WabaId, StringComparer.Ordinal);
    }

    public static async Task<ChannelRoutes> FindAsync(
        NpgsqlConnection connection,
        List<PayloadItem> items,
        CancellationToken cancellationToken
    )
    {
        var numbers = items.Select(item => item.PhoneNumberId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var accounts = items.Select(item => item.WabaId).Distinct(StringComparer.Ordinal).ToArray();
        return new(
            await connection.ReadAsync(
                """
                select c.phone_number_id, c.waba_id, c.channel_id, c.tenant_id, coalesce(t.window_class, 24)
                from channel_route c left join tenant_route t on t.tenant_id = c.tenant_id
                where c.connected and (c.phone_number_id = any ($1) or c.waba_id = any ($2))
                """,
                [numbers, accounts],
                row => new RouteOf(
                    row.GetString(0),
                    row.GetString(1),
                    new(row.GetGuid(2)),
                    new(row.GetGuid(3)),
                    WindowClasses.Of(row.GetInt32(4))
                ),
                cancellationToken
            )
        );
    }

    /// <summary>An item that concerns a tenant's number; what is only counted does not.</summary>
    public bool Knows(PayloadItem item) => item is not (OtherItem or BadItem) && Find(item) is not null;

    public RouteOf Of(PayloadItem item) => Find(item) ?? throw new InvalidOperationException("The item has no route.");

    private RouteOf? Find(PayloadItem item)
    {
        if (item.PhoneNumberId is { } number)
            return _byNumber.GetValueOrDefault(number);
        return _byAccount[item.WabaId].Take(2).ToList() is [var only] ? only : null;
    }
}
