using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Privacy.Vault;

public sealed partial class Vault
{
    /// <summary>A customer's key, made where there is none yet.</summary>
    /// <exception cref="TenantErasedException">The customer was erased.</exception>
    public async Task<DataKey> GetOrCreateTenantKeyAsync(DbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        var row = await ReadTenantAsync(db, tenant, cancellationToken);
        if (row is null)
        {
            var (wrapped, epoch, _) = NewKey(SealedFor.Tenant, tenant.Value);
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into vault.tenant_key (tenant_id, wrapped, kek_epoch, state, created_at)
                values ({tenant.Value}, {wrapped}, {epoch}, 'Active', {clock.GetUtcNow()})
                on conflict (tenant_id) do nothing
                """,
                cancellationToken
            );
            // Two may have tried at once: the row that stands is the key.
            row = await ReadTenantAsync(db, tenant, cancellationToken);
        }
        return Unwrap(SealedFor.Tenant, row ?? throw NoTenantKey(tenant)) ?? throw new TenantErasedException(tenant);
    }

    /// <summary>A customer's key.</summary>
    /// <exception cref="TenantErasedException">The customer was erased.</exception>
    /// <exception cref="InvalidOperationException">The customer has no key here.</exception>
    public async Task<DataKey> OpenTenantKeyAsync(DbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        await TryOpenTenantKeyAsync(db, tenant, cancellationToken) ?? throw new TenantErasedException(tenant);

    /// <summary>A customer's key, or none when the customer was erased.</summary>
    /// <exception cref="InvalidOperationException">The customer has no key here.</exception>
    public async Task<DataKey?> TryOpenTenantKeyAsync(DbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        Unwrap(SealedFor.Tenant, await ReadTenantAsync(db, tenant, cancellationToken) ?? throw NoTenantKey(tenant));

    /// <summary>Erases a customer's key: all that it sealed is noise. A second time changes nothing.</summary>
    public async Task EraseTenantAsync(DbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        RequireTransaction(db);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into vault.tenant_key (tenant_id, wrapped, kek_epoch, state, created_at)
            values ({tenant.Value}, null, 0, 'Erased', {clock.GetUtcNow()})
            on conflict (tenant_id) do update set state = 'Erased', wrapped = null, kek_epoch = 0
            """,
            cancellationToken
        );
    }

    private static async Task<KeyRow?> ReadTenantAsync(DbContext db, TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = await db
            .Database.SqlQuery<KeyRow>(
                $"""
                select tenant_id as "Id", wrapped as "Wrapped", kek_epoch as "KekEpoch", state <> 'Active' as "Erased"
                from vault.tenant_key where tenant_id = {tenant.Value}
                """
            )
            .ToListAsync(cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    private static InvalidOperationException NoTenantKey(TenantId tenant) => new($"{tenant} has no key in this vault.");
}
