using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Checkouts;
using WpAsis.Billing.Invoices;
using WpAsis.Billing.Subscriptions;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Tests.Stripe;

/// <summary>What a customer does about money, in billing's API and on Stripe's page.</summary>
internal static class Payer
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A customer that pays for pro, and billing knows.</summary>
    public static async Task<Customer> OnPaidProAsync(BillingApplication app)
    {
        var customer = await Customer.RegisterAsync(app);
        await customer.PayAsync(app);
        await customer.UntilAsync(app, view => view.State is SubscriptionState.Active && view.IsPaid);
        return customer;
    }

    public static async Task<HttpResponseMessage> PostAsync(
        this Customer customer,
        BillingApplication app,
        string path,
        object? body = null,
        string role = "owner",
        int replica = 0
    )
    {
        using var client = app.CreateClient(app.Member(customer.Id, role: role), replica);
        return await client.PostAsJsonAsync(path, body, Json.Options, Stop);
    }

    public static Task<HttpResponseMessage> CheckOutAsync(this Customer customer, BillingApplication app, int replica = 0) =>
        customer.PostAsync(app, "/subscription/checkout", new StartCheckoutRequest("pro"), replica: replica);

    public static async Task<StartCheckoutResponse> PageAsync(this Customer customer, BillingApplication app)
    {
        using var response = await customer.CheckOutAsync(app);
        return await response.ReadAsync<StartCheckoutResponse>();
    }

    /// <summary>Begins to pay, opens the page and clicks. Answers where the person was sent.</summary>
    public static async Task<Uri> PayAsync(this Customer customer, BillingApplication app)
    {
        var page = await customer.PageAsync(app);
        using var response = await ClickAsync(app, page.Url, "4242 4242 4242 4242");
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        return response.Headers.Location!;
    }

    /// <summary>Opens a hosted page and presses the button on it.</summary>
    public static async Task<HttpResponseMessage> ClickAsync(BillingApplication app, string url, string card)
    {
        using var browser = app.Stripe.CreateBrowser();
        var html = await browser.GetStringAsync(new Uri(url), Stop);
        html.ShouldContain("SANDBOX", Case.Insensitive);
        var action = html.Split("action=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent([new("card", card), new("pay", "1")]);
        return await browser.PostAsync(new Uri(action, UriKind.Relative), form, Stop);
    }

    public static async Task<HttpResponseMessage> GetInvoicesAsync(this Customer customer, BillingApplication app, string query = "")
    {
        using var client = app.CreateClient(app.Member(customer.Id));
        return await client.GetAsync(new Uri("/invoices" + query, UriKind.Relative), Stop);
    }

    public static async Task<InvoicesPage> InvoicesAsync(this Customer customer, BillingApplication app, string query = "")
    {
        using var response = await customer.GetInvoicesAsync(app, query);
        return await response.ReadAsync<InvoicesPage>();
    }

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonSerializer.Deserialize<T>(text, Json.Options)!;
    }

    public static async Task ShouldBeAsync(this HttpResponseMessage response, HttpStatusCode status, string type)
    {
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.StatusCode.ShouldBe(status, text);
        text.ShouldContain($"/problems/{type}\"");
    }

    /// <summary>The customer's id at Stripe.</summary>
    public static Task<string> StripeCustomerAsync(this Customer customer, BillingApplication app) =>
        app.ScalarAsync<string>("select customer_id from stripe_route where tenant_id = $1", customer.Id.Value);

    /// <summary>The customer's subscription at Stripe.</summary>
    public static async Task<string> StripeIdAsync(this Customer customer, BillingApplication app) =>
        (await app.ReadAsync(customer.Id, (db, token) => db.Subscriptions.Select(row => row.StripeId).SingleAsync(token)))!;

    public static async Task<SubscriptionView> UntilAsync(
        this Customer customer,
        BillingApplication app,
        Func<SubscriptionView, bool> condition
    )
    {
        SubscriptionView? view = null;
        try
        {
            await Eventually.TrueAsync(async () => condition(view = await customer.SubscriptionAsync()), "the subscription is as awaited");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The subscription stayed {view}.", late);
        }
        return view!;
    }

    /// <summary>The whole trial, reserved and settled.</summary>
    public static async Task UseUpTrialAsync(this Customer customer)
    {
        for (var i = 0; i < 5; i++)
            await customer.AcceptAsync(await customer.ReservedAsync(replies: 20));
        await customer.UntilCountsAsync(used: 100, reserved: 0);
    }
}
