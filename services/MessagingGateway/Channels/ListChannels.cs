using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>The tenant's business numbers, the newest connection first.</summary>
internal static class ListChannelsEndpoint
{
    public static void MapListChannels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/channels", HandleAsync).RequireAuthorization(Policies.Member);

    private static async Task<Results<Ok<Page<ChannelResponse>>, ValidationProblem>> HandleAsync(
        ClaimsPrincipal user,
        GatewayDbContext db,
        Vault vault,
        CancellationToken cancellationToken,
        int limit = PageCursor.DefaultLimit,
        PageCursor? after = null
    )
    {
        if (limit is < 1 or > PageCursor.MaxLimit)
            return Problems.Invalid("limit", $"A page holds 1 to {PageCursor.MaxLimit} numbers.");
        var tenant = user.TenantIdOf();
        var rows = await db.InTenantAsync(
            tenant,
            (inner, token) => ListAsync(inner, vault, tenant, after ?? PageCursor.Start, limit, token),
            cancellationToken
        );
        return TypedResults.Ok(PageCursor.PageOf(rows, limit, channel => new(channel.ConnectedAt, channel.Id.Value)));
    }

    private static async Task<List<ChannelResponse>> ListAsync(
        GatewayDbContext db,
        Vault vault,
        TenantId tenant,
        PageCursor after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var key = await vault.GetOrCreateTenantKeyAsync(db, tenant, cancellationToken);
        return await db.Connection()
            .ReadAsync(
                $"""
                select {ChannelResponse.Columns} from channel where (connected_at, id) < ($1, $2)
                order by connected_at desc, id desc limit $3
                """,
                [after.At, after.Id, limit + 1],
                row => ChannelResponse.Read(row, key),
                cancellationToken
            );
    }
}
