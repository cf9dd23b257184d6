using System.Net;
using WpAsis.Billing.Checkouts;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Tests.Stripe;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;

namespace WpAsis.Billing.Tests.Checkouts;

public sealed class StartCheckoutTests(BillingApplication app)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Who_has_used_up_the_trial_pays_on_the_page_and_is_answered_two_seconds_after_the_webhook()
    {
        var customer = await Customer.RegisterAsync(app);
        await customer.UseUpTrialAsync();
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.QuotaExhausted);

        // The page sends the person back when the webhook was answered.
        var back = await customer.PayAsync(app);
        await WaitAsync(Promised);
        var denied = await customer.ReserveAsync(customer.Ask());

        denied.ShouldBeNull();
        back.AbsoluteUri.ShouldBe(StripeSandbox.Console + "/?checkout=paid");
        var entitlement = await customer.EntitlementAsync(2);
        entitlement.State.ShouldBe(EntitlementState.Active);
        entitlement.Plan.ShouldBe("pro");
        entitlement.Included.ShouldBe(2_000);
        var view = await customer.SubscriptionAsync();
        view.IsPaid.ShouldBeTrue();
        view.PeriodEnd.ShouldBe(view.PeriodStart.AddMonths(1));
        view.ValidUntil.ShouldBe(view.PeriodEnd.AddDays(7));
        view.Checkout.ShouldBeNull();
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_payment_that_was_begun_is_gone_on_with()
    {
        var customer = await Customer.RegisterAsync(app);

        var first = await customer.PageAsync(app);
        var again = await customer.PageAsync(app);

        again.ShouldBe(first);
        (await customer.SubscriptionAsync()).Checkout.ShouldBe(new CheckoutView("pro", first.Url, first.ExpiresAt));
        (await customer.SubscriptionAsync()).Plan.ShouldBe("trial");
    }

    [Fact]
    public async Task A_card_that_is_declined_changes_nothing_and_the_next_one_may_be_tried()
    {
        var customer = await Customer.RegisterAsync(app);
        var page = await customer.PageAsync(app);

        using var declined = await Payer.ClickAsync(app, page.Url, "4000 0000 0000 0002");
        using var paid = await Payer.ClickAsync(app, page.Url, "4242424242424242");

        declined.StatusCode.ShouldBe(HttpStatusCode.OK);
        paid.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await customer.UntilAsync(app, view => view.IsPaid);
    }

    [Fact]
    public async Task A_page_that_nobody_paid_on_expires_and_the_next_one_is_another()
    {
        var customer = await Customer.RegisterAsync(app);
        var first = await customer.PageAsync(app);

        await app.AdvanceAsync(TimeSpan.FromHours(25));
        var second = await customer.PageAsync(app);

        second.ShouldNotBe(first);
        (await app.ScalarAsync<long>("select count(*) from checkout where tenant_id = $1 and state = 'Open'", customer.Id.Value)).ShouldBe(
            1
        );
    }

    [Fact]
    public async Task Twenty_that_ask_at_once_on_two_replicas_get_one_page_of_one_customer()
    {
        var customer = await Customer.RegisterAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => customer.CheckOutAsync(app, replica: i % 2)));
        var pages = await Task.WhenAll(answers.Select(answer => answer.ReadAsync<StartCheckoutResponse>()));

        pages.ShouldAllBe(page => page == pages[0]);
        (await CreatedForAsync(customer, "/v1/customers")).ShouldBe(1);
        (await CreatedForAsync(customer, "/v1/checkout/sessions")).ShouldBe(1);
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.Forbidden)]
    [InlineData("agent", HttpStatusCode.Forbidden)]
    [InlineData("billing", HttpStatusCode.OK)]
    [InlineData("admin", HttpStatusCode.OK)]
    public async Task Only_who_decides_about_money_begins_to_pay(string role, HttpStatusCode expected)
    {
        var customer = await Customer.RegisterAsync(app);

        using var response = await customer.PostAsync(app, "/subscription/checkout", new StartCheckoutRequest("pro"), role);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("pro", "https://evil.example/plan")]
    [InlineData("pro", "https://localhost:7100@evil.example/")]
    [InlineData("pro", "https://user@localhost:7100/")]
    [InlineData("pro", "/plan")]
    [InlineData("trial", null)]
    [InlineData("gold", null)]
    public async Task No_other_plan_and_no_way_back_to_anywhere_else(string plan, string? returnUrl)
    {
        var customer = await Customer.RegisterAsync(app);

        using var response = await customer.PostAsync(app, "/subscription/checkout", new StartCheckoutRequest(plan, returnUrl));

        await response.ShouldBeAsync(HttpStatusCode.BadRequest, "invalid-input");
    }

    [Fact]
    public async Task Who_pays_already_pays_no_second_time_even_when_the_webhook_was_lost()
    {
        var customer = await Customer.RegisterAsync(app);
        var page = await customer.PageAsync(app);
        await using var hold = await app.Stripe.HoldAsync();

        using var paid = await Payer.ClickAsync(app, page.Url, "4242424242424242");
        using var second = await customer.CheckOutAsync(app);

        await second.ShouldBeAsync(HttpStatusCode.Conflict, "already-subscribed");
        (await customer.SubscriptionAsync()).IsPaid.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_has_left_pays_nothing()
    {
        var customer = await Customer.RegisterAsync(app);
        await app.Bus.PublishAsync(new TenantClosed { TenantId = customer.Id, At = app.Clock.GetUtcNow() });
        await customer.UntilAsync(app, view => view.State is SubscriptionState.Closed);

        using var response = await customer.CheckOutAsync(app);

        await response.ShouldBeAsync(HttpStatusCode.Conflict, "tenant-closed");
    }

    [Fact]
    public async Task A_customer_nobody_knows_yet_is_asked_to_come_again()
    {
        using var response = await new Customer(app).CheckOutAsync(app);

        await response.ShouldBeAsync(HttpStatusCode.NotFound, "no-subscription");
    }

    private async Task<int> CreatedForAsync(Customer customer, string path)
    {
        var calls = await app.Stripe.CallsAsync("POST", path);
        return calls.Count(call =>
            call.GetProperty("body").GetString()!.Contains(customer.Id.ToString(), StringComparison.Ordinal)
            && call.GetProperty("status").GetInt32() == 200
            && !call.GetProperty("replayed").GetBoolean()
        );
    }

    private static async Task WaitAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
