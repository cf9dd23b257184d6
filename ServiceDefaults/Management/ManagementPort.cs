using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace WpAsis.ServiceDefaults.Management;

/// <summary>
/// Health, the clock and operators' endpoints answer on the management port and nowhere else, and nothing else answers there.
/// The connection's local port decides, not the Host header, which a caller writes.
/// </summary>
public static class ManagementPort
{
    /// <summary>Name of the setting that holds the port.</summary>
    public const string Setting = "Management:Port";

    /// <summary>Marks an endpoint as one of the management port.</summary>
    public static TBuilder ManagementOnly<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ManagementEndpoint());

    internal static void UseManagementPort(this WebApplication app)
    {
        // Absent in tests that host a service in memory: there is one door then.
        if (app.Configuration.GetValue<int?>(Setting) is not { } port)
            return;

        app.Use(
            (context, next) =>
            {
                var managed = context.GetEndpoint()?.Metadata.GetMetadata<ManagementEndpoint>() is not null;
                if (managed == (context.Connection.LocalPort == port))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        );
    }

    private sealed class ManagementEndpoint;
}
