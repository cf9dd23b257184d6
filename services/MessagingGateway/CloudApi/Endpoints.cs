namespace WpAsis.MessagingGateway.CloudApi;

internal static class Endpoints
{
    /// <summary>Longest answer of Graph that is read; media go another way.</summary>
    private const int MaxAnswer = 1024 * 1024;

    public static void AddCloudApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(provider =>
            GraphSettings.Read(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>())
        );
        builder.Services.AddSingleton<CloudApiClient>();
        builder.Services.AddGraphClient(CloudApiClient.ClientName);
    }

    /// <summary>A client for Meta: one attempt per call, and no logs, because addresses of media are personal.</summary>
    internal static void AddGraphClient(this IServiceCollection services, string name)
    {
        var client = services
            .AddHttpClient(name)
            .ConfigureHttpClient(
                (provider, http) =>
                {
                    http.Timeout = provider.GetRequiredService<GraphSettings>().Timeout;
                    http.MaxResponseContentBufferSize = MaxAnswer;
                }
            )
            .RemoveAllLoggers();
#pragma warning disable EXTEXP0001 // A standard handler would send a message twice.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }
}
