using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using WpAsis.Privacy.Retention;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.DataSubjects;

/// <summary>
/// Forgets a service's own copies of the receipts it signed, as long after as a request is kept after its closure. They answer commands
/// that come twice; data-subject-request has the receipt itself.
/// </summary>
public sealed class PurgeReceipts<TContext>(WorkDb<TContext> work, TimeProvider clock, ILogger<PurgeReceipts<TContext>> logger)
    : Sweeper(logger)
    where TContext : DbContext
{
    private const int BatchSize = 1_000;

    /// <inheritdoc />
    public override bool Purges => true;

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromMinutes(15);

    /// <inheritdoc />
    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        var before = clock.GetUtcNow() - RetentionTable.SubjectRequests;
        return await db.InTransactionAsync(
            async (inner, token) =>
            {
                await inner.Database.ExecuteSqlAsync(
                    $"select set_config({ReceiptSql.ForgetBefore}, {before.ToString("O", CultureInfo.InvariantCulture)}, true)",
                    token
                );
                var forgotten = await PurgeAsync(
                    inner,
                    $"""
                    delete from subject_receipt where ctid = any(array(
                        select ctid from subject_receipt where at < {before} limit {BatchSize}))
                    """,
                    token
                );
                return forgotten == BatchSize;
            },
            cancellationToken
        );
    }
}

/// <summary>What EF can't say about receipts in a migration.</summary>
public static class ReceiptSql
{
    internal const string ForgetBefore = "app.forget_before";

    /// <summary>
    /// The work role may forget receipts of every customer, but none that is younger than the moment it names; it sees no other
    /// customer's by that.
    /// </summary>
    public static void LetReceiptsExpire(this MigrationBuilder migration, ServiceRoles roles) =>
        migration.Sql(
            $"""
            create policy expired on subject_receipt to {roles.Work}
                using (at < nullif(current_setting('{ForgetBefore}', true), '')::timestamptz) with check (false);
            grant delete on subject_receipt to {roles.Work};
            """
        );

    /// <summary>Takes it back.</summary>
    public static void KeepReceipts(this MigrationBuilder migration, ServiceRoles roles) =>
        migration.Sql($"revoke delete on subject_receipt from {roles.Work}; drop policy expired on subject_receipt;");
}
