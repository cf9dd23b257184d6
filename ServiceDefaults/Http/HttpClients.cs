using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.Http;

/// <summary>Every outgoing HTTP call: 256-bit TLS, limits on time, retries only where a repeat is harmless, names resolved by discovery.</summary>
public static class HttpClients
{
    internal static void AddHttpDefaults(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(client =>
        {
            client.ConfigurePrimaryHttpMessageHandler(StrongHandler);
            client.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            client.AddServiceDiscovery();
        });
    }

    /// <summary>The innermost handler: no redirects (a token would follow them), no cookies, no proxy of the environment.</summary>
    public static SocketsHttpHandler StrongHandler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        Tls.Restrict(handler.SslOptions);
        return handler;
    }
}
