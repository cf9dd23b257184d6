namespace WpAsis.Console.Apis;

/// <summary>Billing: plan and usage.</summary>
internal sealed class BillingApi(HttpClient client)
{
    public Task<ApiResult<SubscriptionView>> GetSubscriptionAsync(CancellationToken cancellationToken) =>
        client.GetAsync<SubscriptionView>("/subscription", cancellationToken);
}

internal sealed record SubscriptionView(
    string Plan,
    string State,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    int Included,
    int Used,
    int Reserved,
    DateTimeOffset? TrialEndsAt
);
