using System.Text.Encodings.Web;

namespace WpAsis.Sandbox.Hosting;

/// <summary>Development only, HTTPS only, quiet logs: a path may hold a number, so requests are not logged.</summary>
internal static class HostingExtensions
{
    public static void RequireDevelopment(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
            throw new InvalidOperationException(
                "The sandbox plays foreign providers. It runs only where ASPNETCORE_ENVIRONMENT=Development."
            );
        var urls = (builder.Configuration["URLS"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0)
            builder.WebHost.UseUrls("https://localhost:7120");
        if (urls.Any(url => !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException("The sandbox speaks HTTPS only: ASPNETCORE_URLS holds an address that is not https.");
    }

    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.UseStrongTls();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton(builder.Configuration.GetSection("Sandbox").Get<SandboxSettings>() ?? new SandboxSettings());
        builder.Services.AddSingleton<RunFile>();
        builder.Services.AddSingleton<Pages>();
        builder.Services.AddHealthChecks();
        // Open phones and hanging calls must not hold the process.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    }
}
