using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>Forgets inbox rows after 8 days, a bounded number at a time.</summary>
public sealed class PurgeInbox<TContext>(WorkDb<TContext> work, TimeProvider clock, ILogger<PurgeInbox<TContext>> logger) : Sweeper(logger)
    where TContext : DbContext
{
    private const int BatchSize = 10_000;

    /// <inheritdoc />
    public override bool Purges => true;

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromMinutes(15);

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var command = work.DataSource.CreateCommand(
            "delete from inbox where ctid = any(array(select ctid from inbox where received_at < $1 limit $2))"
        );
        command.Parameters.Add(new() { Value = clock.GetUtcNow() - RetentionTable.DedupeKeys });
        command.Parameters.Add(new() { Value = BatchSize });
        return Purged("inbox", await command.ExecuteNonQueryAsync(cancellationToken)) == BatchSize;
    }
}
