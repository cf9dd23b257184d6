using Microsoft.EntityFrameworkCore;
using Npgsql;
using WpAsis.Privacy.Ids;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>
/// How tenant data is touched, reads included: in a transaction that names its tenant. Row-level security finds nothing without.
/// The work may run again after a transient error, so it must not have effects outside the database.
/// </summary>
public static class TenantTransaction
{
    private const string SetTenant = "select set_config('app.tenant', @tenant, true)";

    /// <summary>Runs work in one transaction of one tenant, saves and commits.</summary>
    public static Task<TResult> InTenantAsync<TContext, TResult>(
        this TContext db,
        TenantId tenant,
        Func<TContext, CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken
    )
        where TContext : DbContext =>
        db.InTransactionAsync(
            async (context, token) =>
            {
                await context.SetTenantAsync(tenant, token);
                return await work(context, token);
            },
            cancellationToken
        );

    /// <inheritdoc cref="InTenantAsync{TContext,TResult}" />
    public static Task InTenantAsync<TContext>(
        this TContext db,
        TenantId tenant,
        Func<TContext, CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
        where TContext : DbContext =>
        db.InTenantAsync(
            tenant,
            async (context, token) =>
            {
                await work(context, token);
                return true;
            },
            cancellationToken
        );

    /// <summary>Runs work in one transaction over technical tables, saves and commits.</summary>
    public static Task<TResult> InTransactionAsync<TContext, TResult>(
        this TContext db,
        Func<TContext, CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken
    )
        where TContext : DbContext =>
        db
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(
                (db, work),
                static async (_, state, token) =>
                {
                    state.db.ChangeTracker.Clear();
                    await using var transaction = await state.db.Database.BeginTransactionAsync(token);
                    var result = await state.work(state.db, token);
                    await state.db.SaveChangesAsync(token);
                    await transaction.CommitAsync(token);
                    return result;
                },
                verifySucceeded: null,
                cancellationToken
            );

    /// <summary>Names the tenant for the rest of the open transaction; another may be named after it.</summary>
    public static async Task SetTenantAsync(this DbContext db, TenantId tenant, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"select set_config('app.tenant', {tenant.Value.ToString()}, true)", cancellationToken);

    /// <summary>The same for set-wise SQL.</summary>
    public static async Task SetTenantAsync(this NpgsqlConnection connection, TenantId tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SetTenant, connection);
        command.Parameters.AddWithValue("tenant", tenant.Value.ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
