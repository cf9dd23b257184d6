using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WpAsis.ServiceDefaults.Management;

/// <summary><c>/health</c>: everything it needs is there. <c>/alive</c>: the process answers. Management port only.</summary>
public static class HealthEndpoints
{
    private const string Live = "live";

    internal static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health").ManagementOnly().AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) })
            .ManagementOnly()
            .AllowAnonymous();
    }
}
