using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.MessagingGateway.Retention;

/// <summary>Forgets what the retention table says, a bounded number of rows at a time. Day partitions go by themselves.</summary>
internal sealed class PurgeExpired(WorkDb<GatewayDbContext> work, TimeProvider clock, ILogger<PurgeExpired> logger) : Sweeper(logger)
{
    private const int BatchSize = 5_000;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var technical = await PurgeTechnicalAsync(now, cancellationToken);
        var ofTenants = false;
        foreach (var tenant in await TenantsAsync(cancellationToken))
            ofTenants |= await PurgeTenantAsync(tenant, now, cancellationToken);
        return technical || ofTenants;
    }

    private async Task<bool> PurgeTechnicalAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        var more = false;
        foreach (
            var (sql, until) in new (string, DateTimeOffset)[]
            {
                (Delete("intake", "arrived_at < $1"), now - RetentionTable.RawBodies),
                (Delete("quarantine", "arrived_at < $1"), now - RetentionTable.Quarantine),
                (Delete("message_key", "arrived_at < $1"), now - RetentionTable.DedupeKeys),
            }
        )
            more |= await connection.RunAsync(sql, [until, BatchSize], cancellationToken) == BatchSize;
        return more;
    }

    private async Task<bool> PurgeTenantAsync(Guid tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.SetTenantAsync(new(tenant), cancellationToken);
        var more = false;
        foreach (
            var (sql, until) in new (string, DateTimeOffset)[]
            {
                (Delete("media", "arrived_at < $1"), now - RetentionTable.ContentLongest),
                (Delete("send", "finished_at < $1"), now - RetentionTable.MessageMetadata),
                (Delete("opt_out", "at < $1"), now - RetentionTable.OptOuts),
                (Delete("vault.alias_tombstone", "erased_at < $1"), now - RetentionTable.AliasTombstones),
                (Delete("thread", "last_message_at < $1"), now - RetentionTable.Contacts),
            }
        )
            more |= await connection.RunAsync(sql, [until, BatchSize], cancellationToken) == BatchSize;
        // A contact goes with the last of its threads, its names with it.
        await connection.RunAsync(
            """
            with gone as (
                delete from contact c where c.last_message_at < $1 and not exists (select from thread t where t.subject = c.subject)
                returning c.subject
            )
            delete from vault.alias a using gone where a.subject = gone.subject
            """,
            [now - RetentionTable.Contacts],
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return more;
    }

    private async Task<List<Guid>> TenantsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ReadAsync("select tenant_id from tenant_route", [], row => row.GetGuid(0), cancellationToken);
    }

    private static string Delete(string table, string condition) =>
        $"delete from {table} where ctid = any (array(select ctid from {table} where {condition} limit $2))";
}
