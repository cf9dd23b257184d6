using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WpAsis.ServiceDefaults.Clock;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Management;
using WpAsis.ServiceDefaults.Operators;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Telemetry;

namespace WpAsis.ServiceDefaults;

/// <summary>
/// What every process of ours does the same way. A service's Program.cs calls these two and adds its features between them.
/// </summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Telemetry, clock, TLS, problem details, JSON, HTTP clients and health.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Resource name of the service, for example <c>billing</c>.</param>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        ContentCapture.Refuse();
        builder.RequireTls();
        builder.Services.AddSingleton(new ServiceName(service));
        builder.AddClock();
        builder.AddTelemetry(service);
        builder.UseStrongTls();
        builder.Services.AddProblems();
        builder.Services.AddJson();
        builder.Services.AddHttpDefaults();
        builder.Services.AddHealth();
        builder.Services.AddHttpClient(
            ServiceTokenHandler.Issuer,
            client => client.BaseAddress = new Uri(builder.Configuration["Auth:Authority"] ?? "https://identity")
        );
    }

    /// <summary>For a service with an API: tokens of identity with this service as audience, and the revocation list.</summary>
    public static void AddApiDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.AddServiceDefaults(service);
        builder.AddTokenValidation(service);
        // An API has no cookie to protect; without this a key file would appear in somebody's home folder.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.AddServiceClient(ServiceClients.Identity);
        builder.AddRevocationLoader();
    }

    /// <summary>Identity validates its own tokens and fills the revocation list itself.</summary>
    public static void AddIssuerDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.AddServiceDefaults(service);
        builder.AddTokenValidation(service);
    }

    /// <summary>
    /// Errors, the management port, authentication, health, operators' commands and, in Development, the clock. Before the service's own
    /// endpoints.
    /// </summary>
    public static void UseServiceDefaults(this WebApplication app)
    {
        app.UseProblems();
        app.UseRouting();
        app.UseManagementPort();
        app.UseOperatorAudit();
        if (app.Services.GetService<RevocationList>() is not null)
        {
            app.UseRevocations();
            app.UseAuthentication();
            app.UseAuthorization();
        }
        app.MapHealth();
        app.MapOperators();
        if (app.Environment.IsDevelopment())
            app.MapMoveClock();
    }

    private static void AddClock(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton(TimeProvider.System);
            return;
        }
        var clock = ShiftedTime.FromFile(builder.Configuration["Clock:File"]);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<TimeProvider>(clock);
    }
}
