using System.Text.Json.Nodes;
using Stripe;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Invoices of subscriptions: drafted, finalized, paid or not.</summary>
internal sealed class Invoices(StripeAccount account, Subscriptions subscriptions, StripeSettings settings)
{
    private const int Attempts = 4;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromDays(3);

    public static IReadOnlyCollection<string> ListPlayed { get; } = ["customer", "status", "subscription"];

    public static Subscription? SubscriptionOf(StripeAccount account, Invoice invoice) =>
        account.Find<Subscription>(invoice.Parent?.SubscriptionDetails?.SubscriptionId);

    public JsonNode Get(StripeCall call) => JsonNode.Parse(account.Get<Invoice>(call.Id, "invoice").ToJson())!;

    public JsonNode List(StripeCall call) =>
        call.Page(
            "/v1/invoices",
            "invoice",
            account
                .All<Invoice>()
                .Where(invoice => call.Text("customer") is not { } customer || invoice.CustomerId == customer)
                .Where(invoice => call.Text("status") is not { } status || invoice.Status == status)
                .Where(invoice =>
                    call.Text("subscription") is not { } subscription || invoice.Parent?.SubscriptionDetails?.SubscriptionId == subscription
                )
        );

    public Invoice Draft(Subscription subscription, string reason)
    {
        var item = Subscriptions.ItemOf(subscription);
        var amount = (item.Price.UnitAmount ?? 0) * item.Quantity;
        var invoice = new Invoice
        {
            Id = "in_1" + RandomIds.Alphanumeric(23),
            Object = "invoice",
            AccountCountry = "TR",
            AccountName = "WpAsis (sandbox)",
            AmountDue = amount,
            AmountRemaining = amount,
            AutoAdvance = true,
            AutomaticTax = new InvoiceAutomaticTax { Enabled = false },
            BillingReason = reason,
            CollectionMethod = "charge_automatically",
            Created = account.Now,
            Currency = subscription.Currency,
            CustomerId = subscription.CustomerId,
            CustomerTaxExempt = "none",
            CustomerTaxIds = [],
            DefaultTaxRates = [],
            Discounts = [],
            Issuer = new InvoiceIssuer { Type = "self" },
            Lines = new StripeList<InvoiceLineItem> { Object = "list", Data = [] },
            Metadata = [],
            Parent = new InvoiceParent
            {
                Type = "subscription_details",
                SubscriptionDetails = new InvoiceParentSubscriptionDetails
                {
                    SubscriptionId = subscription.Id,
                    Metadata = subscription.Metadata,
                },
            },
            PaymentSettings = new InvoicePaymentSettings(),
            PeriodStart = item.CurrentPeriodStart,
            PeriodEnd = item.CurrentPeriodEnd,
            Status = "draft",
            StatusTransitions = new InvoiceStatusTransitions(),
            Subtotal = amount,
            SubtotalExcludingTax = amount,
            Total = amount,
            TotalDiscountAmounts = [],
            TotalExcludingTax = amount,
            TotalPretaxCreditAmounts = [],
            TotalTaxes = [],
        };
        account.Add(invoice);
        subscription.LatestInvoiceId = invoice.Id;
        account.Emit("invoice.created", invoice);
        return invoice;
    }

    public void FinalizeDraft(Invoice invoice)
    {
        invoice.Number = account.NextInvoiceNumber();
        invoice.HostedInvoiceUrl = new Uri(settings.Host, $"/i/{invoice.Id}").ToString();
        invoice.Status = "open";
        invoice.EffectiveAt = account.Now;
        invoice.StatusTransitions.FinalizedAt = account.Now;
        account.Emit("invoice.finalized", invoice);
    }

    public void Pay(Invoice invoice)
    {
        invoice.Attempted = true;
        invoice.AttemptCount++;
        invoice.AmountPaid = invoice.AmountDue;
        invoice.AmountRemaining = 0;
        invoice.NextPaymentAttempt = null;
        invoice.Status = "paid";
        invoice.StatusTransitions.PaidAt = account.Now;
        account.Emit("invoice.paid", invoice);
        account.Emit("invoice.payment_succeeded", invoice);
        if (SubscriptionOf(account, invoice) is { Status: "past_due" or "unpaid" } subscription)
            subscriptions.SetStatus(subscription, "active");
    }

    /// <summary>The card was refused: past due, tried again every three days, and over after the fourth time.</summary>
    public void Fail(Invoice invoice)
    {
        invoice.Attempted = true;
        invoice.AttemptCount++;
        invoice.NextPaymentAttempt = invoice.AttemptCount < Attempts ? account.Now + BetweenAttempts : null;
        account.Emit("invoice.payment_failed", invoice);
        if (SubscriptionOf(account, invoice) is not { } subscription || !Subscriptions.Lives(subscription))
            return;
        if (invoice.AttemptCount < Attempts)
            subscriptions.SetStatus(subscription, "past_due");
        else
            subscriptions.End(subscription, "payment_failed");
    }
}
