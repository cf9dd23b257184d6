using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Retention;

namespace WpAsis.Privacy.Subjects;

/// <summary>Whom a service is to forget, and what it already knows about what remains.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Subject">The person.</param>
/// <param name="Tenant">The controller; absent for an account as such.</param>
/// <param name="At">What is older is dropped, what is newer is another person.</param>
public sealed record ErasureOrder(SubjectRequestId RequestId, DataSubjectId Subject, TenantId? Tenant, DateTimeOffset At)
{
    /// <summary>The customers in whose rows the person may stand; none where only technical tables are concerned.</summary>
    public IReadOnlyList<TenantId> Tenants { get; init; } = Tenant is { } tenant ? [tenant] : [];

    /// <summary>The end of the newest content epoch used, where there is content.</summary>
    public DateTimeOffset? ContentGoneAt { get; init; }

    /// <summary>A call was under way when the person was forgotten.</summary>
    public bool OneMayStillArrive { get; init; }

    /// <summary>Rows that the service itself has handled beside the plan.</summary>
    public IReadOnlyDictionary<string, int> Handled { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}

/// <summary>
/// Forgets a person in the caller's transaction: the rows of the plan, the key, the aliases; leaves a tombstone and a signed receipt.
/// A second time changes nothing and gives the same receipt.
/// </summary>
public sealed class SubjectEraser(Vault.Vault vault, ReceiptSigner signer, FileKeyRing ring, TimeProvider clock, string service)
{
    /// <summary>The receipt that stands already.</summary>
    public static Task<StoredReceipt?> FindAsync(
        DbContext db,
        SubjectRequestId request,
        ReceiptAct act,
        CancellationToken cancellationToken
    ) =>
        db.Set<StoredReceipt>()
            .AsNoTracking()
            .SingleOrDefaultAsync(receipt => receipt.RequestId == request && receipt.Act == act, cancellationToken);

    /// <summary>Forgets; the receipt.</summary>
    public async Task<string> EraseAsync(DbContext db, ErasureOrder order, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, order.RequestId, ReceiptAct.Erased, cancellationToken) is { } before)
            return before.Jws;
        var plan = SubjectPlan.Of(db.Model);
        var rows = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (table, count) in order.Handled)
            rows[table] = count;
        foreach (var table in plan.Tables)
            rows[table.Name] = rows.GetValueOrDefault(table.Name) + await EraseAsync(db, table, order, cancellationToken);
        await NameAsync(db, order.Tenant, cancellationToken);
        await vault.EraseSubjectAsync(db, order.Subject, order.At, cancellationToken);

        var now = clock.GetUtcNow();
        var receipt = new Receipt
        {
            Service = service,
            RequestId = order.RequestId,
            Act = ReceiptAct.Erased,
            At = now,
            Plan = plan.Hash,
            Rows = rows,
            Held = [.. SubjectPlan.Held(db.Model)],
            KekEpoch = ring.CurrentKek().Epoch,
            GoneFromBackupsAt = now + RetentionTable.OldKeks,
            ContentGoneAt = order.ContentGoneAt,
            OneMayStillArrive = order.OneMayStillArrive,
        };
        return Keep(db, receipt, order.Tenant);
    }

    /// <summary>Signs that a correction was taken over; a second time gives the same receipt.</summary>
    public async Task<string> RectifiedAsync(
        DbContext db,
        SubjectRequestId request,
        TenantId? tenant,
        long? version,
        IReadOnlyDictionary<string, int> rows,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(db, request, ReceiptAct.Rectified, cancellationToken) is { } before)
            return before.Jws;
        var receipt = new Receipt
        {
            Service = service,
            RequestId = request,
            Act = ReceiptAct.Rectified,
            At = clock.GetUtcNow(),
            Plan = SubjectPlan.Of(db.Model).Hash,
            Rows = rows,
            Version = version,
        };
        return Keep(db, receipt, tenant);
    }

    private string Keep(DbContext db, Receipt receipt, TenantId? tenant)
    {
        var stored = new StoredReceipt
        {
            RequestId = receipt.RequestId,
            Act = receipt.Act,
            TenantId = tenant,
            Jws = signer.Sign(receipt),
            At = receipt.At,
        };
        db.Add(stored);
        return stored.Jws;
    }

    private static async Task<int> EraseAsync(DbContext db, SubjectTable table, ErasureOrder order, CancellationToken cancellationToken)
    {
        if (order.Tenants.Count == 0)
            return await RunAsync(db, table, order.Subject, cancellationToken);
        var count = 0;
        foreach (var tenant in order.Tenants)
        {
            await NameAsync(db, tenant, cancellationToken);
            count += await RunAsync(db, table, order.Subject, cancellationToken);
        }
        return count;
    }

    private static async Task<int> RunAsync(DbContext db, SubjectTable table, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
#pragma warning disable CA2100 // The text is derived from the model; the person is a parameter.
        await using var command = new NpgsqlCommand(table.EraseSql, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter { Value = subject.Value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // An empty name finds no customer's rows, only those that are nobody's.
    private static async Task NameAsync(DbContext db, TenantId? tenant, CancellationToken cancellationToken)
    {
        var name = tenant?.Value.ToString() ?? "";
        await db.Database.ExecuteSqlAsync($"select set_config('app.tenant', {name}, true)", cancellationToken);
    }
}
