using System.Net;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Identity;

namespace WpAsis.Billing.Tests.Stripe;

/// <summary>Who cancels, takes it back or leaves altogether.</summary>
public sealed class LeaveStripeTests(BillingApplication app)
{
    [Fact]
    public async Task A_cancellation_is_taken_back()
    {
        var customer = await Payer.OnPaidProAsync(app);
        using var cancelled = await customer.PostAsync(app, "/subscription/cancel");

        using var resumed = await customer.PostAsync(app, "/subscription/resume", role: "billing");
        using var foreign = await customer.PostAsync(app, "/subscription/cancel", role: "agent");

        var view = await resumed.ReadAsync<SubscriptionView>();
        view.CancelAtPeriodEnd.ShouldBeFalse();
        view.ValidUntil.ShouldBe(view.PeriodEnd.AddDays(7));
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await customer.SubscriptionAsync()).CancelAtPeriodEnd.ShouldBeFalse();
    }

    [Theory]
    [InlineData("/subscription/cancel")]
    [InlineData("/subscription/resume")]
    public async Task Where_nobody_pays_there_is_nothing_to_cancel(string path)
    {
        var customer = await Customer.OnProAsync(app);

        using var response = await customer.PostAsync(app, path);

        await response.ShouldBeAsync(HttpStatusCode.Conflict, "no-paid-subscription");
    }

    [Fact]
    public async Task Who_leaves_pays_no_further()
    {
        var customer = await Payer.OnPaidProAsync(app);
        var id = await customer.StripeIdAsync(app);

        await app.Bus.PublishAsync(new TenantClosed { TenantId = customer.Id, At = app.Clock.GetUtcNow() });

        await Eventually.TrueAsync(
            async () => (await app.Stripe.ObjectAsync(id)).GetProperty("status").GetString() == "canceled",
            "the subscription ended at Stripe"
        );
        (await customer.SubscriptionAsync()).State.ShouldBe(SubscriptionState.Closed);
    }

    [Fact]
    public async Task An_operator_gives_no_plan_to_who_pays_for_one()
    {
        var customer = await Payer.OnPaidProAsync(app);

        using var response = await customer.GiveAsync("pro", "generosity");

        await response.ShouldBeAsync(HttpStatusCode.Conflict, "already-subscribed");
    }

    [Fact]
    public async Task Events_are_forgotten_after_ninety_days()
    {
        var customer = await Payer.OnPaidProAsync(app);
        var stripeCustomer = await customer.StripeCustomerAsync(app);
        var received = app.Clock.GetUtcNow();

        await app.AdvanceAsync(TimeSpan.FromDays(91));

        var old = await app.ScalarAsync<long>(
            "select count(*) from stripe_event where customer_id = $1 and received_at <= $2",
            stripeCustomer,
            received
        );
        old.ShouldBe(0);
    }
}
