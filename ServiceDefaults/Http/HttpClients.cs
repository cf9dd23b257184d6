using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.Http;

/// <summary>
/// Every outgoing HTTP call: 256-bit TLS, limits on time, retries only where a repeat is harmless, names resolved by discovery.
/// </summary>
public static class HttpClients
{
    // The library's two seconds, doubled twice, keep a service that starts before its neighbour waiting for a quarter of a minute.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);

    internal static void AddHttpDefaults(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(UseStrongHandler));
        services.ConfigureHttpClientDefaults(client =>
        {
            client.AddStandardResilienceHandler(options =>
            {
                options.Retry.DisableForUnsafeHttpMethods();
                options.Retry.Delay = FirstRetry;
            });
            client.AddServiceDiscovery();
        });
    }

    // OpenIddict insists on a handler that can't name cipher suites; it talks to identity alone, which offers none but strong ones.
    private static void UseStrongHandler(HttpMessageHandlerBuilder client)
    {
        if (client.Name?.StartsWith("OpenIddict", StringComparison.Ordinal) != true)
            client.PrimaryHandler = StrongHandler();
    }

    /// <summary>
    /// The innermost handler: no redirects (a token would follow them), no cookies, no proxy of the environment, and no trace id, which
    /// would let a provider tie calls together. Clients of our own services add it again.
    /// </summary>
    public static SocketsHttpHandler StrongHandler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Not null: then there would be no span of the call either.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };
        Tls.Restrict(handler.SslOptions);
        return handler;
    }
}
