using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>
/// The settings of <c>Aspire.Npgsql.EntityFrameworkCore.PostgreSQL</c>, read from the same keys in the same order:
/// <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>, then the connection's section, then the context's; the connection string wins.
/// </summary>
public sealed class NpgsqlSettings
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Where the database is, and as which role.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Switches the retrying execution strategy off.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Switches the health check off.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Switches tracing off.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Switches metrics off.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Seconds.</summary>
    public int? CommandTimeout { get; set; }

    internal static NpgsqlSettings Read(IHostApplicationBuilder builder, string connectionName, string contextName)
    {
        var settings = new NpgsqlSettings();
        var section = builder.Configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        section.GetSection(contextName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } connectionString)
            settings.ConnectionString = connectionString;
        return settings;
    }
}
