using Stripe;
using Stripe.Checkout;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Stripe;

/// <summary>A page at which somebody is to pay.</summary>
internal sealed record NewSession(TenantId Tenant, string Customer, string Plan, string Price, Uri Success, Uri Cancel);

/// <summary>A page at which somebody pays.</summary>
internal sealed record HostedSession(string Id, string? Url, string Status, DateTimeOffset ExpiresAt)
{
    public static HostedSession Of(Session session) => new(session.Id, session.Url, session.Status, Instant(session.ExpiresAt));

    private static DateTimeOffset Instant(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));
}

/// <summary>A subscription as Stripe has it now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Stripe's word.</param>
/// <param name="Plan">The plan it was bought as; a price may lose its lookup key to a newer one, so the subscription says it.</param>
/// <param name="PeriodStart">Start of the period, which stands on the item.</param>
/// <param name="PeriodEnd">Its end.</param>
/// <param name="CancelAtPeriodEnd">Ends then.</param>
internal sealed record StripeSubscription(
    string Id,
    string Status,
    string? Plan,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    bool CancelAtPeriodEnd
)
{
    /// <summary>It is, or may become again, what the customer is on.</summary>
    public bool Lives => Status is "active" or "trialing" or "past_due" or "unpaid" or "paused";

    public static StripeSubscription Of(Subscription subscription)
    {
        var item = subscription.Items.Data[0];
        return new(
            subscription.Id,
            subscription.Status,
            subscription.Metadata?.GetValueOrDefault("plan") ?? item.Price.LookupKey,
            Instant(item.CurrentPeriodStart),
            Instant(item.CurrentPeriodEnd),
            subscription.CancelAtPeriodEnd
        );
    }

    private static DateTimeOffset Instant(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));
}

/// <summary>An invoice as Stripe has it now; amounts in minor units.</summary>
internal sealed record StripeInvoice(
    string Id,
    string? Number,
    DateTimeOffset CreatedAt,
    long AmountDue,
    long AmountPaid,
    string Currency,
    string Status,
    string? HostedUrl
)
{
    public static StripeInvoice Of(Invoice invoice) =>
        new(
            invoice.Id,
            invoice.Number,
            new(DateTime.SpecifyKind(invoice.Created, DateTimeKind.Utc)),
            invoice.AmountDue,
            invoice.AmountPaid,
            invoice.Currency,
            invoice.Status,
            invoice.HostedInvoiceUrl
        );
}

/// <summary>A price in minor units.</summary>
internal sealed record StripePrice(string Id, long Amount, string Currency, string Interval)
{
    public static StripePrice Of(Price price) => new(price.Id, price.UnitAmount ?? 0, price.Currency, price.Recurring?.Interval ?? "once");
}

/// <summary>That something happened to a customer. What became of it is asked, never taken from here.</summary>
internal sealed record StripeNews(string Id, string Type, string? Customer, DateTimeOffset CreatedAt, string? ApiVersion)
{
    /// <summary>The kinds of events that can change what a customer is on. Stripe lists at most twenty.</summary>
    public static IReadOnlyList<string> Relevant { get; } =
    [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.subscription.pending_update_applied",
        "customer.subscription.pending_update_expired",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "invoice.voided",
        "invoice.marked_uncollectible",
    ];

    public bool IsRelevant => Customer is not null && Relevant.Contains(Type, StringComparer.Ordinal);

    public static StripeNews Of(Event item)
    {
        var customer = item.Data.Object switch
        {
            Session session => session.CustomerId,
            Subscription subscription => subscription.CustomerId,
            Invoice invoice => invoice.CustomerId,
            _ => null,
        };
        return new(item.Id, item.Type, customer, new(DateTime.SpecifyKind(item.Created, DateTimeKind.Utc)), item.ApiVersion);
    }
}
