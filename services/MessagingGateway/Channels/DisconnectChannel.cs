using System.Security.Claims;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using WpAsis.Contracts.Identity;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>Takes a number away: nothing is taken in or sent through it any more, and its token is forgotten.</summary>
internal static class DisconnectChannelEndpoint
{
    public static void MapDisconnectChannel(this IEndpointRouteBuilder routes) =>
        routes.MapDelete("/channels/{id}", HandleAsync).RequireAuthorization(Policies.Administrator);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        ChannelId id,
        GatewayDbContext db,
        DisconnectChannels disconnect,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.TenantIdOf();
        var found = await db.InTenantAsync(tenant, (inner, token) => disconnect.RunAsync(inner, tenant, id, token), cancellationToken);
        return found > 0
            ? TypedResults.NoContent()
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-channel", "There is no such number.");
    }
}

/// <summary>A customer left: all of their numbers are disconnected.</summary>
internal sealed class CloseTenantConsumer(GatewayDbContext db, DisconnectChannels disconnect, TimeProvider clock) : IConsumer<TenantClosed>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<TenantClosed> context)
    {
        var tenant = context.Message.TenantId;
        await context.ConsumeOnceAsync(db, tenant, clock, (inner, token) => disconnect.RunAsync(inner, tenant, channel: null, token));
    }
}

/// <summary>Disconnects numbers in the caller's transaction. A second time changes nothing.</summary>
internal sealed class DisconnectChannels(Vault vault, NumberKeys numbers, TimeProvider clock)
{
    /// <summary>Disconnects one number, or all of the tenant; how many there were, connected or not.</summary>
    public async Task<int> RunAsync(GatewayDbContext db, TenantId tenant, ChannelId? channel, CancellationToken cancellationToken)
    {
        var connection = db.Connection();
        var rows = await connection.ReadAsync(
            """
            select id, phone_number_id, display_number, state = 'Connected' from channel
            where $1::uuid is null or id = $1 order by id for update
            """,
            [channel?.Value],
            row => new Row(new(row.GetGuid(0)), row.GetString(1), SealedText.FromBytes(row.GetFieldValue<byte[]>(2)), row.GetBoolean(3)),
            cancellationToken
        );
        var connected = rows.Where(row => row.Connected).ToList();
        if (connected.Count == 0)
            return rows.Count;
        var key = await vault.TryOpenTenantKeyAsync(db, tenant, cancellationToken);
        await DisconnectAsync(connection, tenant, connected, key, cancellationToken);
        var gone = connected.Select(row => new ChannelDisconnected
        {
            TenantId = tenant,
            ChannelId = row.Id,
            NumberKey = numbers.Of(key?.Unseal(SealedColumns.ChannelDisplayNumber, row.DisplayNumber) ?? "", row.PhoneNumberId),
            At = clock.GetUtcNow(),
        });
        await connection.PublishAsync(gone, clock, cancellationToken);
        return rows.Count;
    }

    private async Task DisconnectAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<Row> channels,
        DataKey? key,
        CancellationToken cancellationToken
    )
    {
        var ids = channels.Select(row => row.Id.Value).ToArray();
        await connection.RunAsync(
            """
            update channel set state = 'Disconnected', disconnected_at = $2, access_token = coalesce($3, access_token),
                circuit_state = 'Closed', circuit_reason = null, circuit_until = null
            where id = any ($1)
            """,
            [ids, clock.GetUtcNow(), key?.Seal(SealedColumns.ChannelAccessToken, "").ToBytes()],
            cancellationToken
        );
        await connection.RunAsync(
            "update channel_route set connected = false where channel_id = any ($1) and tenant_id = $2",
            [ids, tenant.Value],
            cancellationToken
        );
    }

    private sealed record Row(ChannelId Id, string PhoneNumberId, SealedText DisplayNumber, bool Connected);
}
