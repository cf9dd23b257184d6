using System.Text.Json;
using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// One transaction for a batch of bodies: set-wise for each tenant, tenants in ascending order, bodies deleted with what became of them.
/// A data error is narrowed down to the item that caused it; that one goes to quarantine and its neighbours, of whatever tenant, go on.
/// </summary>
internal sealed class SplitBatch(
    WorkDb<GatewayDbContext> work,
    ContentSealer sealer,
    SplitTenant tenants,
    WriteQuarantine quarantine,
    IntakeMetrics metrics,
    TimeProvider clock
)
{
    private const int MostItems = 256;
    private const int MostBytes = 900 * 1024;

    public async Task SplitAsync(List<ClaimedBody> bodies, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        await db.InTransactionAsync(
            async (inner, token) =>
            {
                var connection = inner.Connection();
                var items = await ReadAsync(connection, bodies, token);
                var routes = await ChannelRoutes.FindAsync(connection, items, token);
                var published = new List<ReceivedMessage>();
                await RecordOthersAsync(connection, items, routes, token);
                foreach (var group in items.Where(routes.Knows).GroupBy(item => routes.Of(item).TenantId).OrderBy(group => group.Key.Value))
                {
                    await inner.SetTenantAsync(group.Key, token);
                    published.AddRange(await SplitAsync(inner, group.Key, [.. group], routes, token));
                }
                await PublishAsync(connection, published, token);
                await DeleteAsync(connection, bodies, token);
                return true;
            },
            cancellationToken
        );
    }

    public async Task QuarantineAsync(ClaimedBody body, string reason, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        await db.InTransactionAsync(
            async (inner, token) =>
            {
                var origin = new IntakeOrigin(body.Id, body.ArrivedAt, body.TraceParent);
                if (sealer.TryOpenRaw(body.Id, body.Content, out var raw))
                    await quarantine.RunAsync(inner.Connection(), origin, "body", reason, null, raw, token);
                return await DeleteAsync(inner.Connection(), [body], token);
            },
            cancellationToken
        );
    }

    private async Task<List<PayloadItem>> ReadAsync(
        NpgsqlConnection connection,
        List<ClaimedBody> bodies,
        CancellationToken cancellationToken
    )
    {
        var items = new List<PayloadItem>();
        foreach (var body in bodies)
        {
            var origin = new IntakeOrigin(body.Id, body.ArrivedAt, body.TraceParent);
            if (!sealer.TryOpenRaw(body.Id, body.Content, out var raw))
            {
                metrics.Quarantined("expired");
                continue;
            }
            try
            {
                items.AddRange(ReadPayload.Read(raw, origin));
            }
            catch (JsonException)
            {
                await quarantine.RunAsync(connection, origin, "body", "not-json", null, raw, cancellationToken);
            }
        }
        return items;
    }

    // What needs no tenant: broken items, numbers nobody connected, and what is only counted.
    private async Task RecordOthersAsync(
        NpgsqlConnection connection,
        List<PayloadItem> items,
        ChannelRoutes routes,
        CancellationToken cancellationToken
    )
    {
        foreach (var item in items)
        {
            switch (item)
            {
                case OtherItem other:
                    metrics.Item(other.Kind, other.Count);
                    break;
                case BadItem bad:
                    await quarantine.RunAsync(connection, bad.Origin, "item", bad.Reason, null, bad.Raw, cancellationToken);
                    break;
                case var unknown when !routes.Knows(unknown):
                    await quarantine.RunAsync(connection, unknown.Origin, "item", "unknown-number", null, unknown.Raw, cancellationToken);
                    break;
            }
        }
    }

    private async Task<List<ReceivedMessage>> SplitAsync(
        GatewayDbContext db,
        TenantId tenant,
        List<PayloadItem> items,
        ChannelRoutes routes,
        CancellationToken cancellationToken
    )
    {
        var transaction = db.Database.CurrentTransaction!;
        var savepoint = "items";
        await transaction.CreateSavepointAsync(savepoint, cancellationToken);
        try
        {
            var published = await tenants.RunAsync(db, tenant, items, routes, cancellationToken);
            await transaction.ReleaseSavepointAsync(savepoint, cancellationToken);
            return published;
        }
        catch (PostgresException error) when (IsDataError(error))
        {
            await transaction.RollbackToSavepointAsync(savepoint, cancellationToken);
            if (items is [var bad])
            {
                await quarantine.RunAsync(
                    db.Connection(),
                    bad.Origin,
                    "item",
                    "refused-" + error.SqlState,
                    tenant,
                    bad.Raw,
                    cancellationToken
                );
                return [];
            }
        }
        var half = items.Count / 2;
        var first = await SplitAsync(db, tenant, items[..half], routes, cancellationToken);
        return [.. first, .. await SplitAsync(db, tenant, items[half..], routes, cancellationToken)];
    }

    private async Task PublishAsync(NpgsqlConnection connection, List<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var batches = new List<MessagesReceived>();
        var chunk = new List<ReceivedMessage>();
        var bytes = 0;
        foreach (var message in messages)
        {
            var size = 1_024 + ((message.Content?.Ciphertext.Length ?? 0) * 4 / 3);
            if (chunk.Count == MostItems || (chunk.Count > 0 && bytes + size > MostBytes))
            {
                batches.Add(new() { Items = chunk });
                (chunk, bytes) = ([], 0);
            }
            chunk.Add(message);
            bytes += size;
        }
        if (chunk.Count > 0)
            batches.Add(new() { Items = chunk });
        await connection.PublishAsync(batches, clock, cancellationToken);
    }

    private static Task<int> DeleteAsync(NpgsqlConnection connection, List<ClaimedBody> bodies, CancellationToken cancellationToken) =>
        connection.RunAsync("delete from intake where id = any ($1)", [bodies.Select(body => body.Id).ToArray()], cancellationToken);

    // 23514 without a row of ours is a missing day, which the caller mends; everything else of these classes is the item's own fault.
    private static bool IsDataError(PostgresException error) =>
        (
            error.SqlState.StartsWith("22", StringComparison.Ordinal)
            || error.SqlState.StartsWith("23", StringComparison.Ordinal)
            || error.SqlState.StartsWith("P0", StringComparison.Ordinal)
        ) && !(error.SqlState == PostgresErrorCodes.CheckViolation && error.MessageText.Contains("no partition", StringComparison.Ordinal));
}
