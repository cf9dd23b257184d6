using System.Text.Json.Nodes;
using Stripe;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Subscriptions to one price. Periods stand on the item, as they do since 2025.</summary>
internal sealed class Subscriptions(StripeAccount account)
{
    public static IReadOnlyCollection<string> UpdatePlayed { get; } = ["cancel_at_period_end", "metadata"];

    public static IReadOnlyCollection<string> ListPlayed { get; } = ["customer", "status", "price"];

    public static IReadOnlyCollection<string> CancelPlayed { get; } = ["invoice_now", "prorate"];

    private static readonly string[] Statuses =
    [
        "active",
        "past_due",
        "unpaid",
        "canceled",
        "incomplete",
        "incomplete_expired",
        "trialing",
        "paused",
        "all",
        "ended",
    ];

    public static bool Lives(Subscription subscription) => subscription.Status is not ("canceled" or "incomplete_expired");

    public static SubscriptionItem ItemOf(Subscription subscription) => subscription.Items.Data[0];

    /// <summary>A subscription that was paid for just now.</summary>
    public Subscription Begin(string customer, Price price, long quantity, Dictionary<string, string> metadata)
    {
        var id = "sub_1" + RandomIds.Alphanumeric(23);
        var item = new SubscriptionItem
        {
            Id = "si_" + RandomIds.Alphanumeric(14),
            Object = "subscription_item",
            Created = account.Now,
            CurrentPeriodStart = account.Now,
            CurrentPeriodEnd = PeriodEnd(account.Now, price, 1),
            Discounts = [],
            Metadata = [],
            Price = price,
            Quantity = quantity,
            Subscription = id,
            TaxRates = [],
        };
        var subscription = new Subscription
        {
            Id = id,
            Object = "subscription",
            AutomaticTax = new SubscriptionAutomaticTax { Enabled = false },
            BillingCycleAnchor = account.Now,
            BillingMode = new SubscriptionBillingMode { Type = "flexible" },
            CancellationDetails = new SubscriptionCancellationDetails(),
            CollectionMethod = "charge_automatically",
            Created = account.Now,
            Currency = price.Currency,
            CustomerId = customer,
            DefaultTaxRates = [],
            Discounts = [],
            Items = new StripeList<SubscriptionItem>
            {
                Object = "list",
                Data = [item],
                Url = $"/v1/subscription_items?subscription={id}",
            },
            Metadata = metadata,
            StartDate = account.Now,
            Status = "active",
        };
        account.Add(subscription);
        return subscription;
    }

    /// <summary>End of the n-th period: months are counted from the first, so the 31st stays the 31st.</summary>
    public static DateTime PeriodEnd(DateTime anchor, Price price, int periods) =>
        price.Recurring.Interval == "year" ? anchor.AddYears(periods) : anchor.AddMonths(periods);

    public JsonNode Get(StripeCall call) => JsonNode.Parse(account.Get<Subscription>(call.Id, "subscription").ToJson())!;

    public JsonNode List(StripeCall call)
    {
        var status = call.Text("status");
        if (status is not null && !Statuses.Contains(status, StringComparer.Ordinal))
            throw StripeRefusal.Invalid($"Invalid status: must be one of {string.Join(", ", Statuses)}", "status");
        return call.Page("/v1/subscriptions", "subscription", account.All<Subscription>().Where(IsWanted));

        bool IsWanted(Subscription subscription) =>
            (call.Text("customer") is not { } customer || subscription.CustomerId == customer)
            && (call.Text("price") is not { } price || ItemOf(subscription).Price.Id == price)
            && status switch
            {
                "all" => true,
                // Without a status the ended ones are left out.
                null => subscription.Status != "canceled",
                "ended" => !Lives(subscription),
                _ => subscription.Status == status,
            };
    }

    public JsonNode Update(StripeCall call)
    {
        var subscription = account.Get<Subscription>(call.Id, "subscription");
        if (!Lives(subscription))
            throw StripeRefusal.Invalid("A canceled subscription can only update its cancellation_details and metadata.");
        if (call.Flag("cancel_at_period_end") is { } cancels)
        {
            subscription.CancelAtPeriodEnd = cancels;
            subscription.CancelAt = cancels ? ItemOf(subscription).CurrentPeriodEnd : null;
            subscription.CanceledAt = cancels ? account.Now : null;
            subscription.CancellationDetails.Reason = cancels ? "cancellation_requested" : null;
        }
        subscription.Metadata = call.Metadata(subscription.Metadata);
        account.Emit("customer.subscription.updated", subscription, call);
        return JsonNode.Parse(subscription.ToJson())!;
    }

    public JsonNode Cancel(StripeCall call)
    {
        var subscription = account.Get<Subscription>(call.Id, "subscription");
        if (!Lives(subscription))
            throw StripeRefusal.NoSuch("subscription", call.Id);
        End(subscription, "cancellation_requested", call);
        return JsonNode.Parse(subscription.ToJson())!;
    }

    public void End(Subscription subscription, string reason, StripeCall? call = null)
    {
        subscription.Status = "canceled";
        subscription.CanceledAt ??= account.Now;
        subscription.EndedAt = account.Now;
        subscription.CancellationDetails.Reason = reason;
        account.Emit("customer.subscription.deleted", subscription, call);
    }

    public void SetStatus(Subscription subscription, string status)
    {
        if (subscription.Status == status)
            return;
        subscription.Status = status;
        account.Emit("customer.subscription.updated", subscription);
    }
}
