using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Retention;

/// <summary>
/// Forgets what its time has passed for (policy section 5), by the table that the policy page prints. Days of the log go as partitions.
/// </summary>
internal sealed class PurgeExpired(WorkDb<GatewayDbContext> work, TimeProvider clock, ILogger<PurgeExpired> logger) : Sweeper(logger)
{
    private const int BatchSize = 5_000;

    /// <inheritdoc />
    public override bool Purges => true;

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        var full = await DeleteAsync(connection, "message_key", "arrived_at", now - RetentionTable.DedupeKeys, cancellationToken);
        full |= await DeleteAsync(connection, "intake", "arrived_at", now - RetentionTable.RawBodies, cancellationToken);
        full |= await DeleteAsync(connection, "quarantine", "arrived_at", now - RetentionTable.Quarantine, cancellationToken);
        foreach (var tenant in await FindTenantsAsync(connection, cancellationToken))
            full |= await PurgeTenantAsync(connection, tenant, now, cancellationToken);
        return full;
    }

    private async Task<bool> PurgeTenantAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.SetTenantAsync(tenant, cancellationToken);
        var (contacts, full) = await PurgeContacts.RunAsync(connection, now - RetentionTable.Contacts, now, cancellationToken);
        Purged("contact", contacts);
        full |= await DeleteAsync(connection, "media", "arrived_at", now - RetentionTable.ContentLongest, cancellationToken);
        full |= await DeleteAsync(connection, "send", "finished_at", now - RetentionTable.MessageMetadata, cancellationToken);
        full |= await DeleteAsync(connection, "opt_out", "at", now - RetentionTable.OptOuts, cancellationToken);
        full |= await DeleteAsync(
            connection,
            "vault.alias_tombstone",
            "erased_at",
            now - RetentionTable.AliasTombstones,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return full;
    }

    private static Task<List<TenantId>> FindTenantsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ReadAsync("select tenant_id from tenant_route", [], row => new TenantId(row.GetGuid(0)), cancellationToken);

    private async Task<bool> DeleteAsync(
        NpgsqlConnection connection,
        string table,
        string column,
        DateTimeOffset before,
        CancellationToken cancellationToken
    ) =>
        Purged(
            table,
            await connection.RunAsync(
                $"delete from {table} where ctid = any (array(select ctid from {table} where {column} < $1 limit $2))",
                [before, BatchSize],
                cancellationToken
            )
        ) == BatchSize;
}

/// <summary>Forgets contacts 90 days after the last message: row, threads, aliases and key. Whoever writes again is a new person.</summary>
internal static class PurgeContacts
{
    private const int BatchSize = 1_000;

    private const string Keys = """
        with erased as (
            update vault.subject_key set state = 'Erased', wrapped = null, kek_epoch = 0, erased_at = $2 where subject = any ($1)
            returning subject, tenant_id
        )
        insert into vault.tombstone (subject, tenant_id, erased_at) select subject, tenant_id, $2 from erased on conflict do nothing
        """;

    private static readonly string[] Rows =
    [
        "delete from thread where subject = any ($1)",
        "delete from contact where subject = any ($1)",
        "delete from vault.alias where subject = any ($1)",
    ];

    /// <summary>How many, and whether there may be more.</summary>
    public static async Task<(int Contacts, bool Full)> RunAsync(
        NpgsqlConnection connection,
        DateTimeOffset before,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var silent = await connection.ReadAsync(
            """
            select c.subject from contact c where c.last_message_at < $1
                and not exists (select from thread t where t.subject = c.subject and t.last_message_at >= $1)
            order by c.subject limit $2
            """,
            [before, BatchSize],
            row => row.GetGuid(0),
            cancellationToken
        );
        if (silent.Count == 0)
            return (0, false);
        // Locked and looked at again: a message may have come in between.
        var spoken = await connection.ReadAsync(
            "select subject, last_message_at from thread where subject = any ($1) order by id for update",
            [Uuids(silent)],
            row => (Subject: row.GetGuid(0), At: row.GetFieldValue<DateTimeOffset>(1)),
            cancellationToken
        );
        var gone = silent.Except(spoken.Where(thread => thread.At >= before).Select(thread => thread.Subject)).ToArray();
        foreach (var sql in Rows)
            await connection.RunAsync(sql, [Uuids(gone)], cancellationToken);
        await connection.RunAsync(Keys, [Uuids(gone), now], cancellationToken);
        return (gone.Length, silent.Count == BatchSize);
    }
}
