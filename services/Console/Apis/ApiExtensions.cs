namespace WpAsis.Console.Apis;

/// <summary>The public APIs that the console is a client of, and nothing else.</summary>
internal static class ApiExtensions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static void AddApis(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddTransient<UserTokenHandler>();
        builder.Services.AddApi<IdentityApi>("identity");
        builder.Services.AddApi<GatewayApi>("messaging-gateway");
        builder.Services.AddApi<ResponderApi>("ai-responder");
        builder.Services.AddApi<BillingApi>("billing");
    }

    private static void AddApi<TApi>(this IServiceCollection services, string service)
        where TApi : class =>
        services
            .AddHttpClient<TApi>(client =>
            {
                client.BaseAddress = new Uri($"https://{service}");
                client.Timeout = Limit;
            })
            .AddHttpMessageHandler<UserTokenHandler>();
}
