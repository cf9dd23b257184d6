namespace WpAsis.Console.Apis;

/// <summary>Billing: plan, usage and invoices. Amounts are minor units.</summary>
internal sealed class BillingApi(HttpClient client)
{
    public Task<ApiResult<SubscriptionView>> GetSubscriptionAsync(CancellationToken cancellationToken) =>
        client.GetAsync<SubscriptionView>("/subscription", cancellationToken);

    public Task<ApiResult<Page<PlanView>>> ListPlansAsync(CancellationToken cancellationToken) =>
        client.GetAsync<Page<PlanView>>("/plans", cancellationToken);

    public Task<ApiResult<UsageView>> GetUsageAsync(CancellationToken cancellationToken) =>
        client.GetAsync<UsageView>("/usage", cancellationToken);

    public Task<ApiResult<Page<InvoiceView>>> ListInvoicesAsync(string? after, CancellationToken cancellationToken) =>
        client.GetAsync<Page<InvoiceView>>(
            "/invoices?limit=12" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)),
            cancellationToken
        );

    public Task<ApiResult<CheckoutView>> CheckoutAsync(CheckoutInput checkout, CancellationToken cancellationToken) =>
        client.SendAsync<CheckoutInput, CheckoutView>(HttpMethod.Post, "/subscription/checkout", checkout, cancellationToken);

    public Task<ApiResult<SubscriptionView>> CancelAsync(CancellationToken cancellationToken) =>
        client.SendAsync<SubscriptionView>(HttpMethod.Post, "/subscription/cancel", cancellationToken);

    public Task<ApiResult<SubscriptionView>> ResumeAsync(CancellationToken cancellationToken) =>
        client.SendAsync<SubscriptionView>(HttpMethod.Post, "/subscription/resume", cancellationToken);
}

internal sealed record SubscriptionView(
    string Plan,
    string State,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    int Included,
    int Used,
    int Reserved,
    bool IsPaid,
    bool CancelAtPeriodEnd,
    DateTimeOffset? TrialEndsAt,
    DateTimeOffset? GraceEndsAt,
    CheckoutView? Checkout
)
{
    /// <summary>Contacts are answered.</summary>
    public bool Answers => State is "Trialing" or "Active" or "PastDue";
}

/// <summary>Where a person pays.</summary>
internal sealed record CheckoutView(string Url, DateTimeOffset ExpiresAt, string? Plan);

internal sealed record CheckoutInput(string Plan, string ReturnUrl);

internal sealed record PlanView(string Id, int Included, string Period, int? Days, PriceView? Price);

internal sealed record PriceView(long Amount, string Currency, string Interval);

internal sealed record UsageView(int Included, int Used, int Reserved, int Left, IReadOnlyList<WhatsAppUsageView>? WhatsApp);

internal sealed record WhatsAppUsageView(string Category, long Messages, long Billable);

internal sealed record InvoiceView(
    string Id,
    string? Number,
    DateTimeOffset CreatedAt,
    long AmountDue,
    long AmountPaid,
    string Currency,
    string Status,
    string? HostedUrl
);
