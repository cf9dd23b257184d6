using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using WpAsis.ServiceDefaults.Operators;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Sweeping;
using WpAsis.ServiceDefaults.Telemetry;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>PostgreSQL for a service: requests as <c>_app</c>, background work as <c>_work</c>.</summary>
public static class PostgresExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    // To make a connection costs more than what is done on it: a burst that makes a hundred at once gets none in time.
    private const int Connections = 20;

    /// <summary>
    /// Registers a context as <c>AddNpgsqlDbContext</c> of Aspire does (same keys, pool, retries, health check, tracing, metrics),
    /// and beside it <see cref="WorkDb{TContext}"/> for the <c>_work</c> role, the day partitions, the operators' commands and the
    /// system log.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">Connection string of the request role, for example <c>billing-db</c>.</param>
    /// <param name="partitions">Tables kept in day partitions; <c>system_log</c> is always among them.</param>
    public static void AddServiceDatabase<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        params ReadOnlySpan<DayPartitionedTable> partitions
    )
        where TContext : ServiceDbContext
    {
        builder.AddNpgsqlDbContext<TContext>(connectionName);

        var work = NpgsqlSettings.Read(builder, connectionName + "-work", typeof(TContext).Name);
        builder.Services.AddSingleton(provider => new WorkDb<TContext>(work, provider));
        builder.Services.AddSingleton(new DayPartitionPlan([.. partitions, DayPartitionedTable.SystemLog]));
        builder.Services.AddSweeper<KeepDayPartitions<TContext>>();
        builder.Services.AddOperators<TContext>();
        builder.AddSystemLog<TContext>(connectionName + "-log");
    }

    /// <summary>The wiring itself; tests/AppHost.Tests compares it with the real package.</summary>
    public static void AddNpgsqlDbContext<TContext>(this IHostApplicationBuilder builder, string connectionName)
        where TContext : DbContext
    {
        var settings = NpgsqlSettings.Read(builder, connectionName, typeof(TContext).Name);
        builder.Services.AddDbContextPool<TContext>(options =>
            Configure(
                options,
                settings,
                settings.ConnectionString
                    ?? throw new InvalidOperationException(
                        $"Connection string '{connectionName}' is missing: set ConnectionStrings__{connectionName}."
                    )
            )
        );

        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().AddDbContextCheck<TContext>(typeof(TContext).Name);
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddNpgsql());
        if (!settings.DisableMetrics)
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
    }

    /// <summary>Options of a context over a bare connection string: Setup, tests and design time.</summary>
    public static DbContextOptions<TContext> Options<TContext>(string connectionString)
        where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        Configure(options, new NpgsqlSettings { DisableRetry = true, CommandTimeout = 300 }, connectionString);
        return options.Options;
    }

    internal static NpgsqlDataSource DataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        Configure(builder);
        return builder.Build();
    }

    // What background work sets, it sets for a transaction, so there is nothing to reset between two of them; who listens keeps the
    // connection until it breaks.
    internal static NpgsqlDataSource WorkDataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        Configure(builder);
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        return builder.Build();
    }

    internal static void Configure(NpgsqlDbContextOptionsBuilder npgsql, NpgsqlSettings settings)
    {
        if (!settings.DisableRetry)
            npgsql.EnableRetryOnFailure();
        if (settings.CommandTimeout is { } seconds)
            npgsql.CommandTimeout(seconds);
    }

    private static void Configure(DbContextOptionsBuilder options, NpgsqlSettings settings, string connectionString) =>
        options.UseNpgsql(
            connectionString,
            npgsql =>
            {
                npgsql.ConfigureDataSource(Configure);
                Configure(npgsql, settings);
            }
        );

    private static void Configure(NpgsqlDataSourceBuilder source)
    {
        source.UseSslClientAuthenticationOptionsCallback(Tls.Restrict);
        // Parameters can hold personal data; so can the rows an error quotes.
        source.EnableParameterLogging(false);
        source.ConnectionStringBuilder.IncludeErrorDetail = false;
        source.ConnectionStringBuilder.Timeout = (int)ConnectTimeout.TotalSeconds;
        if (!source.ConnectionStringBuilder.ShouldSerialize("Maximum Pool Size"))
            source.ConnectionStringBuilder.MaxPoolSize = Connections;
    }
}
