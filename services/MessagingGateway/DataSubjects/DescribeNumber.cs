using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.MessagingGateway.DataSubjects;

/// <summary>A business as everybody sees it in WhatsApp.</summary>
internal sealed record DescribeNumberResponse([property: TenantText] string Name, [property: TenantText] string Number)
{
    public override string ToString() => nameof(DescribeNumberResponse);
}

/// <summary>The name and number of a connected business, for the page that says where the code is to be sent.</summary>
internal static class DescribeNumberEndpoint
{
    public static void MapDescribeNumber(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/subjects/numbers/{id}", HandleAsync).ForDataSubjectRequests();

    private static async Task<Results<Ok<DescribeNumberResponse>, ProblemHttpResult>> HandleAsync(
        ChannelId id,
        GatewayDbContext db,
        Vault vault,
        CancellationToken cancellationToken
    )
    {
        var found = await db.InTransactionAsync((inner, token) => FindAsync(inner, vault, id, token), cancellationToken);
        return found is null
            ? Problems.Of(StatusCodes.Status404NotFound, "no-such-channel", "There is no such number.")
            : TypedResults.Ok(found);
    }

    private static async Task<DescribeNumberResponse?> FindAsync(
        GatewayDbContext db,
        Vault vault,
        ChannelId id,
        CancellationToken cancellationToken
    )
    {
        var routes = await db.Connection()
            .ReadAsync(
                "select tenant_id from channel_route where channel_id = $1 and connected",
                [id.Value],
                row => new TenantId(row.GetGuid(0)),
                cancellationToken
            );
        if (routes is not [var tenant, ..])
            return null;
        await db.SetTenantAsync(tenant, cancellationToken);
        return
            await db.Set<Channel>().SingleOrDefaultAsync(row => row.Id == id, cancellationToken)
                is { VerifiedName: { } name, DisplayNumber: { } number }
            && await vault.TryOpenTenantKeyAsync(db, tenant, cancellationToken) is { } key
            ? new(key.Unseal(SealedColumns.ChannelVerifiedName, name), key.Unseal(SealedColumns.ChannelDisplayNumber, number))
            : null;
    }
}
