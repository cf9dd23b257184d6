using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>
/// Writes a number and the route by which its webhooks find its customer, in one transaction.
/// </summary>
internal sealed class StoreChannel(GatewayDbContext db, Vault vault, NumberKeys numbers, TimeProvider clock)
{
    /// <summary>Connects a number; null when it is another customer's.</summary>
    public async Task<ChannelResponse?> ConnectAsync(
        TenantId tenant,
        ConnectChannelRequest request,
        GraphNumber number,
        CancellationToken cancellationToken
    ) => await db.InTenantAsync(tenant, (inner, token) => ConnectAsync(inner, tenant, request, number, token), cancellationToken);

    private async Task<ChannelResponse?> ConnectAsync(
        GatewayDbContext inner,
        TenantId tenant,
        ConnectChannelRequest request,
        GraphNumber number,
        CancellationToken cancellationToken
    )
    {
        var connection = inner.Connection();
        var known = await FindAsync(connection, request.PhoneNumberId, cancellationToken);
        var channel = known?.Id ?? TypedId.New<ChannelId>(clock);
        if (!await TakeRouteAsync(connection, tenant, channel, request, cancellationToken))
            return null;
        await connection.RunAsync(
            "insert into tenant_route (tenant_id, window_class) values ($1, $2) on conflict (tenant_id) do nothing",
            [tenant.Value, (int)WindowClass.Hours24],
            cancellationToken
        );
        var key = await vault.GetOrCreateTenantKeyAsync(inner, tenant, cancellationToken);
        await UpsertAsync(connection, tenant, channel, request, number, key, cancellationToken);
        if (known is not { Connected: true })
        {
            var connected = new ChannelConnected
            {
                TenantId = tenant,
                ChannelId = channel,
                NumberKey = numbers.Of(number.DisplayNumber, request.PhoneNumberId),
                At = clock.GetUtcNow(),
            };
            await connection.PublishAsync([connected], clock, cancellationToken);
        }
        var rows = await connection.ReadAsync(
            $"select {ChannelResponse.Columns} from channel where id = $1",
            [channel.Value],
            row => ChannelResponse.Read(row, key),
            cancellationToken
        );
        return rows.Single();
    }

    private static async Task<(ChannelId Id, bool Connected)?> FindAsync(
        NpgsqlConnection connection,
        string phoneNumberId,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadAsync(
            "select id, state = 'Connected' from channel where phone_number_id = $1 for update",
            [phoneNumberId],
            row => (new ChannelId(row.GetGuid(0)), row.GetBoolean(1)),
            cancellationToken
        );
        return rows.Count == 0 ? null : rows[0];
    }

    // One number belongs to one customer at a time; a disconnected one may move.
    private static async Task<bool> TakeRouteAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        ChannelId channel,
        ConnectChannelRequest request,
        CancellationToken cancellationToken
    ) =>
        await connection.RunAsync(
            """
            insert into channel_route (phone_number_id, waba_id, channel_id, tenant_id, connected) values ($1, $2, $3, $4, true)
            on conflict (phone_number_id) do update set waba_id = $2, channel_id = $3, tenant_id = $4, connected = true
                where channel_route.tenant_id = $4 or not channel_route.connected
            """,
            [request.PhoneNumberId, request.WabaId, channel.Value, tenant.Value],
            cancellationToken
        ) == 1;

    private Task<int> UpsertAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        ChannelId channel,
        ConnectChannelRequest request,
        GraphNumber number,
        DataKey key,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            insert into channel (tenant_id, id, phone_number_id, waba_id, display_number, verified_name, access_token, state, connected_at,
                circuit_state)
            values ($1, $2, $3, $4, $5, $6, $7, 'Connected', $8, 'Closed')
            on conflict (id) do update set waba_id = $4, display_number = $5, verified_name = $6, access_token = $7, state = 'Connected',
                connected_at = case when channel.state = 'Connected' then channel.connected_at else $8 end, disconnected_at = null,
                circuit_state = 'Closed', circuit_reason = null, circuit_until = null
            """,
            [
                tenant.Value,
                channel.Value,
                request.PhoneNumberId,
                request.WabaId,
                key.Seal(SealedColumns.ChannelDisplayNumber, number.DisplayNumber).ToBytes(),
                key.Seal(SealedColumns.ChannelVerifiedName, number.VerifiedName).ToBytes(),
                key.Seal(SealedColumns.ChannelAccessToken, request.AccessToken).ToBytes(),
                clock.GetUtcNow(),
            ],
            cancellationToken
        );
}
