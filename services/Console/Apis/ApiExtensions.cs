using Microsoft.Extensions.Http.Resilience;

namespace WpAsis.Console.Apis;

/// <summary>The public APIs that the console is a client of, and nothing else.</summary>
internal static class ApiExtensions
{
    // A take-over waits for a call to WhatsApp that has begun; nothing else takes nearly as long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static void AddApis(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddTransient<UserTokenHandler>();
        builder.Services.AddApi<IdentityApi>("identity");
        builder.Services.AddApi<GatewayApi>("messaging-gateway");
        builder.Services.AddApi<ResponderApi>("ai-responder");
        builder.Services.AddApi<BillingApi>("billing");
        builder.Services.AddApi<RightsApi>("data-subject-request");
    }

    private static void AddApi<TApi>(this IServiceCollection services, string service)
        where TApi : class
    {
        var client = services.AddHttpClient<TApi>(client =>
        {
            client.BaseAddress = new Uri($"https://{service}");
            client.Timeout = Limit;
        });
#pragma warning disable EXTEXP0001 // The defaults try for half a minute; here a person waits at the page.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddStandardResilienceHandler(Configure);
        client.AddHttpMessageHandler<UserTokenHandler>();
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.Retry.DisableForUnsafeHttpMethods();
        options.Retry.MaxRetryAttempts = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(15);
        options.TotalRequestTimeout.Timeout = Limit;
    }
}
