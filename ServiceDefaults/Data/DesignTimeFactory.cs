using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>Lets <c>dotnet ef migrations add</c> build a context without a database: each service derives from it in one line.</summary>
public abstract class DesignTimeFactory<TContext>(Func<DbContextOptions<TContext>, TContext> create) : IDesignTimeDbContextFactory<TContext>
    where TContext : DbContext
{
    /// <inheritdoc />
    public TContext CreateDbContext(string[] args) => create(PostgresExtensions.Options<TContext>("Host=localhost;Database=design-time"));
}
