using System.Text.Json.Nodes;
using Stripe;
using Stripe.Checkout;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Checkout sessions: made by the API, finished on the hosted page.</summary>
internal sealed class CheckoutSessions(StripeAccount account, Subscriptions subscriptions, Invoices invoices, StripeSettings settings)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(30);
    private readonly Dictionary<string, Dictionary<string, string>> _subscriptionMetadata = new(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> CreatePlayed { get; } =
    [
        "mode",
        "customer",
        "client_reference_id",
        "line_items.price",
        "line_items.quantity",
        "success_url",
        "cancel_url",
        "expires_at",
        "locale",
        "metadata",
        "subscription_data.metadata",
    ];

    public static IReadOnlyCollection<string> ListPlayed { get; } = ["customer", "status", "subscription"];

    public JsonNode Create(StripeCall call)
    {
        if (call.Required("mode") != "subscription")
            throw StripeRefusal.NotPlayed("mode");
        var customer = account.Get<Customer>(call.Required("customer"), "customer", "customer", 400);
        if (customer.Deleted is true)
            throw StripeRefusal.NoSuch("customer", customer.Id, "customer", 400);
        if (call.Count("line_items") != 1)
            throw StripeRefusal.Invalid("The sandbox plays exactly one line item.", "line_items");
        var price = account.Get<Price>(call.Required("line_items.0.price", "line_items[0][price]"), "price", "line_items[0][price]", 400);
        var quantity = call.Number("line_items.0.quantity") ?? throw StripeRefusal.Missing("line_items[0][quantity]");
        var id = "cs_test_a1" + RandomIds.Alphanumeric(56);
        var session = new Session
        {
            Id = id,
            Object = "checkout.session",
            AmountSubtotal = price.UnitAmount * quantity,
            AmountTotal = price.UnitAmount * quantity,
            AutomaticTax = new SessionAutomaticTax { Enabled = false },
            CancelUrl = Address(call, "cancel_url", required: false),
            ClientReferenceId = call.Text("client_reference_id"),
            Created = account.Now,
            Currency = price.Currency,
            CustomFields = [],
            CustomText = new SessionCustomText(),
            CustomerId = customer.Id,
            ExpiresAt = ExpiryOf(call),
            LineItems = new StripeList<LineItem> { Object = "list", Data = [LineOf(price, quantity)] },
            Locale = call.Text("locale"),
            Metadata = call.Metadata(),
            Mode = "subscription",
            PaymentMethodCollection = "always",
            PaymentMethodTypes = ["card"],
            PaymentStatus = "unpaid",
            Status = "open",
            SuccessUrl = Address(call, "success_url", required: true),
            Url = new Uri(settings.Host, $"/c/pay/{id}").ToString(),
        };
        account.Add(session);
        _subscriptionMetadata[id] = call.Metadata(path: "subscription_data.metadata");
        return Json(session);
    }

    public JsonNode Get(StripeCall call) => Json(account.Get<Session>(call.Id, "checkout.session"));

    public JsonNode List(StripeCall call) =>
        call.Page(
            "/v1/checkout/sessions",
            "checkout.session",
            account
                .All<Session>()
                .Where(session => call.Text("customer") is not { } customer || session.CustomerId == customer)
                .Where(session => call.Text("status") is not { } status || session.Status == status)
                .Where(session => call.Text("subscription") is not { } subscription || session.SubscriptionId == subscription)
        );

    public JsonNode Expire(StripeCall call)
    {
        var session = account.Get<Session>(call.Id, "checkout.session");
        if (session.Status != "open")
            throw StripeRefusal.Invalid($"Only Checkout Sessions with a status in [\"open\"] can be expired, yours is {session.Status}.");
        Expire(session, call);
        return Json(session);
    }

    public void Expire(Session session, StripeCall? call = null)
    {
        session.Status = "expired";
        session.Url = null;
        account.Emit("checkout.session.expired", session, call);
    }

    /// <summary>The person paid: subscription, invoice, session, each with its events. The last one is the session's.</summary>
    public StripeEvent Complete(Session session)
    {
        var line = session.LineItems.Data[0];
        var metadata = _subscriptionMetadata.GetValueOrDefault(session.Id) ?? [];
        var subscription = subscriptions.Begin(session.CustomerId, line.Price, line.Quantity ?? 1, metadata);
        var invoice = invoices.Draft(subscription, "subscription_create");
        invoices.FinalizeDraft(invoice);
        invoices.Pay(invoice);
        account.Emit("customer.subscription.created", subscription);
        session.Status = "complete";
        session.PaymentStatus = "paid";
        session.SubscriptionId = subscription.Id;
        session.InvoiceId = invoice.Id;
        session.Url = null;
        return account.Emit("checkout.session.completed", session);
    }

    private DateTime ExpiryOf(StripeCall call)
    {
        if (call.Number("expires_at") is not { } seconds)
            return account.Now + Longest;
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
        if (at < account.Now + Shortest || at > account.Now + Longest)
            throw StripeRefusal.Invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", "expires_at");
        return at;
    }

    private static string? Address(StripeCall call, string name, bool required)
    {
        var address = required ? call.Required(name) : call.Text(name);
        if (address is not null && !Uri.TryCreate(address, UriKind.Absolute, out _))
            throw StripeRefusal.Invalid("Not a valid URL", name, "url_invalid");
        return address;
    }

    private static LineItem LineOf(Price price, long quantity) =>
        new()
        {
            Id = "li_1" + RandomIds.Alphanumeric(23),
            Object = "item",
            AmountSubtotal = (price.UnitAmount ?? 0) * quantity,
            AmountTotal = (price.UnitAmount ?? 0) * quantity,
            Currency = price.Currency,
            Description = "WpAsis Pro",
            Price = price,
            Quantity = quantity,
        };

    // Line items are answered only to those who ask for them.
    private static JsonNode Json(Session session)
    {
        var json = JsonNode.Parse(session.ToJson())!;
        json.AsObject().Remove("line_items");
        return json;
    }
}
