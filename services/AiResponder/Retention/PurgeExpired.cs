using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Retention;

/// <summary>
/// Deletes what the retention table ends: words whose epoch has ended (they are noise already), metadata after 90 days, clocks of
/// threads nobody writes in. Tenant by tenant, a bounded number at a time.
/// </summary>
internal sealed class PurgeExpired(WorkDb<ResponderDbContext> work, TimeProvider clock, ILogger<PurgeExpired> logger) : Sweeper(logger)
{
    private const int BatchSize = 5_000;

    public override bool Purges => true;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var tenants = await db.TenantRoutes.AsNoTracking().Select(route => route.TenantId).ToListAsync(cancellationToken);
        var full = false;
        foreach (var tenant in tenants)
            full |= await PurgeAsync(db, tenant, cancellationToken);
        return full | await PurgeTechnicalAsync(db, cancellationToken);
    }

    private async Task<bool> PurgeAsync(ResponderDbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var metadata = now - RetentionTable.MessageMetadata;
        var events = now - RetentionTable.SecurityEvents;
        return await db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                FormattableString[] statements =
                [
                    $"""
                        update turn_message set content = null where ctid = any (array(
                            select ctid from turn_message where content_ends_at <= {now} and content is not null limit {BatchSize}))
                        """,
                    $"""
                        update amendment set content = null where ctid = any (array(
                            select ctid from amendment where content_ends_at <= {now} and content is not null limit {BatchSize}))
                        """,
                    $"""
                        update reply set content = null where ctid = any (array(
                            select ctid from reply where content_ends_at <= {now} and content is not null limit {BatchSize}))
                        """,
                    $"""
                        update human_reply set content = null where ctid = any (array(
                            select ctid from human_reply where content_ends_at <= {now} and content is not null limit {BatchSize}))
                        """,
                    $"""
                        delete from turn_message where ctid = any (array(
                        select ctid from turn_message where received_at < {metadata} limit {BatchSize}))
                        """,
                    $"""
                        delete from amendment where ctid = any (array(
                        select ctid from amendment where received_at < {metadata} limit {BatchSize}))
                        """,
                    $"""
                        delete from turn where ctid = any (array(
                        select ctid from turn where changed_at < {metadata} limit {BatchSize}))
                        """,
                    $"""
                        delete from reply where ctid = any (array(
                        select ctid from reply where created_at < {metadata} limit {BatchSize}))
                        """,
                    $"""
                        delete from human_reply where ctid = any (array(
                        select ctid from human_reply where at < {metadata} limit {BatchSize}))
                        """,
                    $"""
                        delete from content_access where ctid = any (array(
                        select ctid from content_access where at < {events} limit {BatchSize}))
                        """,
                ];
                return await RunAsync(inner, statements, token);
            },
            cancellationToken
        );
    }

    private async Task<bool> PurgeTechnicalAsync(ResponderDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var contacts = now - RetentionTable.Contacts;
        var reservations = now - RetentionTable.Reservations;
        var quarantine = now - RetentionTable.Quarantine;
        return await db.InTransactionAsync(
            (inner, token) =>
                RunAsync(
                    inner,
                    [
                        $"""
                        delete from turn_clock where ctid = any (array(
                            select ctid from turn_clock where last_message_at < {contacts} and answered_seq = last_seq limit {BatchSize}))
                        """,
                        $"""
                        delete from usage where ctid = any (array(
                            select ctid from usage where expires_at < {reservations} limit {BatchSize}))
                        """,
                        $"""
                        delete from quarantine where ctid = any (array(
                            select ctid from quarantine where at < {quarantine} limit {BatchSize}))
                        """,
                    ],
                    token
                ),
            cancellationToken
        );
    }

    private async Task<bool> RunAsync(ResponderDbContext db, FormattableString[] statements, CancellationToken cancellationToken)
    {
        var full = false;
        foreach (var statement in statements)
            full |= await PurgeAsync(db, statement, cancellationToken) == BatchSize;
        return full;
    }
}
