using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace WpAsis.ServiceDefaults.Http;

/// <summary>HTTP clients of our own services, by resource name, each with a token whose audience is the called service.</summary>
public static class ServiceClients
{
    /// <summary>Resource name of identity.</summary>
    public const string Identity = "identity";

    /// <summary>Named client of a service: <c>factory.CreateClient("messaging-gateway")</c>.</summary>
    public static IHttpClientBuilder AddServiceClient(this WebApplicationBuilder builder, string callee) =>
        builder
            .Services.AddHttpClient(
                callee,
                client =>
                {
                    client.BaseAddress = new Uri($"https://{callee}");
                    client.Timeout = TimeSpan.FromSeconds(30);
                }
            )
            .ConfigurePrimaryHttpMessageHandler(
                (handler, _) => ((SocketsHttpHandler)handler).ActivityHeadersPropagator = DistributedContextPropagator.Current
            )
            .AddHttpMessageHandler(provider => ActivatorUtilities.CreateInstance<ServiceTokenHandler>(provider, callee));
}
