using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>Outside Development a process does not start when its settings would let a hop go without verified TLS (policy P3.2).</summary>
public static class TransportSecurity
{
    internal static void RequireTls(this WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
            return;
        var weak = FindWeak(builder.Configuration).ToList();
        if (weak.Count > 0)
            throw new InvalidOperationException("Outside Development every hop has verified TLS. " + string.Join(' ', weak));
    }

    // Names, never values: they hold passwords.
    /// <summary>What is too weak, a sentence each.</summary>
    internal static IEnumerable<string> FindWeak(IConfiguration configuration)
    {
        foreach (var connection in configuration.GetSection("ConnectionStrings").GetChildren())
        {
            if (!IsVerified(connection.Value ?? ""))
                yield return $"ConnectionStrings:{connection.Key} must say SSL Mode=VerifyFull or amqps.";
        }
        if (!IsHttps(configuration["Auth:Authority"]))
            yield return "Auth:Authority must be https.";
        var urls = (configuration["URLS"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0 || !urls.All(IsHttps))
            yield return "URLS must name the addresses to listen on, all https.";
        foreach (var address in configuration.GetSection("services").GetChildren().SelectMany(service => service.GetChildren()))
        {
            if (address.GetChildren().Any(entry => !IsHttps(entry.Value)))
                yield return $"{address.Path} must be https.";
        }
    }

    private static bool IsHttps(string? address) => address?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsVerified(string connection)
    {
        if (connection.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase))
            return true;
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).SslMode == SslMode.VerifyFull;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
