using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Takes bodies up for splitting and counts the attempt in a commit of its own, before the work: a body that kills its process is
/// counted as well.
/// </summary>
internal sealed class ClaimIntake(WorkDb<GatewayDbContext> work, ContentSealer sealer, IntakeMetrics metrics, TimeProvider clock)
{
    /// <summary>So long nobody else takes a body up; a process that died in between loses it to another after that.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>The last attempt; a body that fails it goes to quarantine.</summary>
    public const int MostAttempts = 3;

    /// <summary>What is due, oldest first, opened. Bodies whose key has gone are deleted: nobody will ever read them.</summary>
    public async Task<List<IntakeBody>> RunAsync(int rows, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        var claimed = await connection.ReadAsync(
            """
            with due as (
                select id from intake where claimed_until is null or claimed_until <= $1
                order by id limit $3 for update skip locked
            )
            update intake set attempts = intake.attempts + 1, claimed_until = $2 from due where intake.id = due.id
            returning intake.id, arrived_at, epoch, nonce, ciphertext, tag, trace_parent, attempts
            """,
            [now, now + Lease, rows],
            Read,
            cancellationToken
        );
        var bodies = new List<IntakeBody>(claimed.Count);
        var unreadable = new List<Guid>();
        foreach (var row in claimed.OrderBy(row => row.ArrivedAt).ThenBy(row => row.Id))
        {
            if (sealer.TryOpenRaw(row.Id, row.Content, out var bytes))
                bodies.Add(new(row.Id, row.ArrivedAt, PooledBody.Of(bytes), row.Content, row.TraceParent, row.Attempts));
            else
                unreadable.Add(row.Id);
        }
        metrics.Lost(unreadable.Count);
        if (unreadable.Count > 0)
            await DeleteAsync(connection, unreadable, cancellationToken);
        return bodies;
    }

    /// <summary>Deletes bodies that have had their effect, in the transaction of that effect.</summary>
    public static Task DeleteAsync(NpgsqlConnection connection, IEnumerable<Guid> ids, CancellationToken cancellationToken) =>
        connection.RunAsync("delete from intake where id = any ($1)", [Uuids(ids)], cancellationToken);

    /// <summary>Gives bodies back for a later attempt. Where the database was at fault the attempt does not count.</summary>
    public async Task ReleaseAsync(IEnumerable<IntakeBody> bodies, DateTimeOffset nextAt, bool counts, CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(
            "update intake set claimed_until = $2, attempts = greatest(attempts - $3, 0) where id = any ($1)",
            [Uuids(bodies.Select(body => body.Id)), nextAt, counts ? 0 : 1],
            cancellationToken
        );
    }

    /// <summary>How old the oldest waiting body is.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var connection = await work.DataSource.OpenConnectionAsync(cancellationToken);
        var oldest = await connection.ReadAsync(
            "select arrived_at from intake order by id limit 1",
            [],
            row => row.GetFieldValue<DateTimeOffset>(0),
            cancellationToken
        );
        metrics.Oldest(oldest.Count == 0 ? TimeSpan.Zero : clock.GetUtcNow() - oldest[0]);
    }

    private static Row Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetFieldValue<DateTimeOffset>(1),
            new SealedContent
            {
                Epoch = row.GetString(2),
                Nonce = row.GetFieldValue<byte[]>(3),
                Ciphertext = row.GetFieldValue<byte[]>(4),
                Tag = row.GetFieldValue<byte[]>(5),
            },
            row.IsDBNull(6) ? null : row.GetString(6),
            row.GetInt32(7)
        );

    private sealed record Row(Guid Id, DateTimeOffset ArrivedAt, SealedContent Content, string? TraceParent, int Attempts);
}
