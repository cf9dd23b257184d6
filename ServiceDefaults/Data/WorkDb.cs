using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>
/// The database as the <c>_work</c> role sees it: splitters, batch consumers, dispatcher, sweepers, purge.
/// It reads technical tables of all tenants and sets a tenant before it touches that tenant's tables.
/// </summary>
public sealed class WorkDb<TContext> : IAsyncDisposable
    where TContext : DbContext
{
    private readonly Lazy<NpgsqlDataSource> _source;
    private readonly Lazy<PooledDbContextFactory<TContext>> _contexts;

    internal WorkDb(NpgsqlSettings settings, IServiceProvider provider)
    {
        _source = new(() =>
            PostgresExtensions.WorkDataSource(
                settings.ConnectionString ?? throw new InvalidOperationException("The connection string of the work role is missing.")
            )
        );
        _contexts = new(() =>
        {
            var options = new DbContextOptionsBuilder<TContext>();
            options.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            options.UseNpgsql(_source.Value, npgsql => PostgresExtensions.Configure(npgsql, settings));
            return new(options.Options);
        });
    }

    /// <summary>
    /// For set-wise SQL. Take a fresh connection per piece of work: one that is kept answers errors for ever after a restart.
    /// </summary>
    public NpgsqlDataSource DataSource => _source.Value;

    /// <summary>A context of the work role; the caller disposes it.</summary>
    public TContext CreateContext() => _contexts.Value.CreateDbContext();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_source.IsValueCreated)
            await _source.Value.DisposeAsync();
    }
}
