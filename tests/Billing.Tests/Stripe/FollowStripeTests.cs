using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;

namespace WpAsis.Billing.Tests.Stripe;

/// <summary>Whatever is delivered, twice, late, in any order or never: what a customer is on is what Stripe says.</summary>
public sealed class FollowStripeTests(BillingApplication app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_in_the_opposite_order_and_twice_end_where_stripe_is()
    {
        var customer = await Customer.RegisterAsync(app);
        await using var hold = await app.Stripe.HoldAsync();
        await customer.PayAsync(app);
        await SyncAsync(customer);
        using var cancelled = await customer.PostAsync(app, "/subscription/cancel");
        using var resumed = await customer.PostAsync(app, "/subscription/resume");
        await app.Stripe.ControlAsync("stripe/status", new { subscription = await customer.StripeIdAsync(app), status = "past_due" });
        var events = await app.Stripe.EventsAsync(await customer.StripeCustomerAsync(app));

        foreach (var item in events.Reverse().Concat(events))
            (await app.Stripe.DeliverAsync(item.GetProperty("id").GetString()!)).ShouldBe(200);

        var view = await customer.UntilAsync(app, view => view.State is SubscriptionState.PastDue);
        view.CancelAtPeriodEnd.ShouldBeFalse();
        await UntilAllAppliedAsync(customer);
        (await customer.SubscriptionAsync()).State.ShouldBe(SubscriptionState.PastDue);
        Versions(customer).ShouldBe(Enumerable.Range(1, Versions(customer).Count).Select(i => (long)i));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Who_asked_before_and_writes_after_somebody_else_asks_again()
    {
        var customer = await Payer.OnPaidProAsync(app);
        await using var hold = await app.Stripe.HoldAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stripeCustomer = await customer.StripeCustomerAsync(app);
        app.Stripe.AfterAnswer = request => HoldFirstAsync(request.RequestUri!);

        var first = SyncAsync(customer);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        app.Stripe.AfterAnswer = null;
        // The first has read "active" and hangs; now it is past due, and a second reads and writes that.
        await app.Stripe.ControlAsync("stripe/status", new { subscription = await customer.StripeIdAsync(app), status = "past_due" });
        await SyncAsync(customer);
        goOn.SetResult();
        await first;

        (await customer.SubscriptionAsync()).State.ShouldBe(SubscriptionState.PastDue);

        async Task HoldFirstAsync(Uri address)
        {
            if (
                !address.AbsoluteUri.Contains($"/v1/subscriptions?customer={stripeCustomer}", StringComparison.Ordinal)
                || !asked.TrySetResult()
            )
                return;
            await goOn.Task;
        }
    }

    [Fact]
    public async Task A_webhook_that_was_lost_costs_minutes()
    {
        var customer = await Customer.RegisterAsync(app);
        await using (await app.Stripe.HoldAsync())
            await customer.PayAsync(app);

        await app.AdvanceAsync(TimeSpan.FromMinutes(6));

        var view = await customer.UntilAsync(app, view => view.IsPaid);
        view.State.ShouldBe(SubscriptionState.Active);
    }

    [Fact]
    public async Task Who_was_killed_between_storing_and_applying_leaves_the_event_to_the_next()
    {
        var customer = await Customer.RegisterAsync(app);
        await using var hold = await app.Stripe.HoldAsync();
        await customer.PayAsync(app);
        var stripeCustomer = await customer.StripeCustomerAsync(app);
        // A row as the killed process left it: claimed, counted, its lease not over.
        await BillingApplication.ExecuteAsync(
            app.Superuser,
            $"""
            insert into stripe_event (id, type, customer_id, created_at, received_at, state, attempts, next_at)
            values ('evt_of_{customer.Id}', 'invoice.paid', '{stripeCustomer}', '2026-11-24', '2026-11-24', 'Received', 1,
                '{app.Clock.GetUtcNow().AddSeconds(50):O}')
            """
        );

        await app.AdvanceAsync(TimeSpan.FromMinutes(1));

        await customer.UntilAsync(app, view => view.IsPaid);
        await UntilAllAppliedAsync(customer);
    }

    [Fact]
    public async Task While_stripe_is_away_events_wait_and_are_applied_when_it_is_back()
    {
        var customer = await Payer.OnPaidProAsync(app);
        await using var hold = await app.Stripe.HoldAsync();
        await app.Stripe.ControlAsync("stripe/status", new { subscription = await customer.StripeIdAsync(app), status = "unpaid" });
        var id = (await app.Stripe.EventsAsync(await customer.StripeCustomerAsync(app)))[^1].GetProperty("id").GetString()!;
        app.Stripe.IsAway = true;
        try
        {
            (await app.Stripe.DeliverAsync(id)).ShouldBe(200);
            await app.AdvanceAsync(TimeSpan.FromHours(3));
            (await app.ScalarAsync<string>("select state from stripe_event where id = $1", id)).ShouldBe("Received");
        }
        finally
        {
            app.Stripe.IsAway = false;
        }

        await app.AdvanceAsync(TimeSpan.FromMinutes(6));

        await customer.UntilAsync(app, view => view.State is SubscriptionState.Suspended);
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.NotEntitled);
    }

    [Fact]
    public async Task A_month_that_was_paid_begins_with_a_fresh_counter()
    {
        var customer = await Payer.OnPaidProAsync(app);
        await customer.AcceptAsync(await customer.ReservedAsync(replies: 3));
        await customer.UntilCountsAsync(used: 3, reserved: 0);
        var before = await customer.SubscriptionAsync();

        await app.AdvanceAsync(TimeSpan.FromDays(32));

        var next = await customer.UntilAsync(app, view => view.PeriodStart == before.PeriodEnd);
        next.State.ShouldBe(SubscriptionState.Active);
        next.Used.ShouldBe(0);
        (await KindsAsync(customer)).ShouldBe([LedgerKind.TrialBegun, LedgerKind.PlanBought, LedgerKind.Settled, LedgerKind.PeriodBegun]);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_payment_that_failed_leaves_seven_days_and_what_is_paid_late_goes_on()
    {
        var customer = await Payer.OnPaidProAsync(app);
        var stripeCustomer = await customer.StripeCustomerAsync(app);
        var before = await customer.SubscriptionAsync();
        await app.Stripe.ControlAsync("stripe/cards", new { customer = stripeCustomer, declines = true });

        await app.AdvanceAsync(before.PeriodEnd.AddHours(2) - app.Clock.GetUtcNow());

        var late = await customer.UntilAsync(app, view => view.State is SubscriptionState.PastDue);
        late.GraceEndsAt.ShouldBe(before.PeriodEnd.AddDays(7));
        Last(customer).State.ShouldBe(EntitlementState.Grace);
        var told = await app.Bus.NextAsync<SendNotice>(notice =>
            notice.TenantId == customer.Id && notice.Notice == NoticeKind.PaymentFailed
        );
        told.Values["until"]
            .ShouldBe(before.PeriodEnd.AddDays(7).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();

        await app.AdvanceAsync(before.PeriodEnd.AddDays(7).AddHours(1) - app.Clock.GetUtcNow());
        await customer.UntilAsync(app, view => view.State is SubscriptionState.Suspended);
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.NotEntitled);
        await app.Bus.NextAsync<SendNotice>(notice => notice.TenantId == customer.Id && notice.Notice == NoticeKind.PlanStopped);
        var version = Last(customer).Version;
        await SyncAsync(customer);
        (await customer.SubscriptionAsync()).State.ShouldBe(SubscriptionState.Suspended);
        Last(customer).Version.ShouldBe(version);

        var invoice = (await customer.InvoicesAsync(app)).Items[0];
        invoice.Status.ShouldBe("open");
        using var paid = await Payer.ClickAsync(app, invoice.HostedUrl!, "");
        await customer.UntilAsync(app, view => view.State is SubscriptionState.Active);
        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Cancelled_it_goes_on_to_the_end_of_the_period_and_no_further()
    {
        var customer = await Payer.OnPaidProAsync(app);

        using var cancelled = await customer.PostAsync(app, "/subscription/cancel");
        using var again = await customer.PostAsync(app, "/subscription/cancel");
        var view = await cancelled.ReadAsync<SubscriptionView>();

        view.CancelAtPeriodEnd.ShouldBeTrue();
        view.ValidUntil.ShouldBe(view.PeriodEnd);
        (await again.ReadAsync<SubscriptionView>()).CancelAtPeriodEnd.ShouldBeTrue();
        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();

        await app.AdvanceAsync(view.PeriodEnd.AddMinutes(1) - app.Clock.GetUtcNow());
        await customer.UntilAsync(app, over => over.State is SubscriptionState.Ended);
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.NotEntitled);
        using var resumed = await customer.PostAsync(app, "/subscription/resume");
        await resumed.ShouldBeAsync(HttpStatusCode.Conflict, "no-paid-subscription");

        // And may be bought again.
        await customer.PayAsync(app);
        await customer.UntilAsync(app, once => once.State is SubscriptionState.Active);
        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();
        await Invariants.HoldAsync(app);
    }

    private Task SyncAsync(Customer customer) => app.Replicas[0].GetRequiredService<SyncCustomer>().RunAsync(customer.Id, Stop);

    private async Task UntilAllAppliedAsync(Customer customer)
    {
        var stripeCustomer = await customer.StripeCustomerAsync(app);
        await Eventually.TrueAsync(
            async () =>
                await app.ScalarAsync<long>(
                    "select count(*) from stripe_event where customer_id = $1 and state = 'Received'",
                    stripeCustomer
                ) == 0,
            "all events are applied"
        );
    }

    private List<long> Versions(Customer customer) =>
        [
            .. app
                .Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id)
                .Select(changed => changed.Version)
                .Distinct()
                .Order(),
        ];

    private EntitlementsChanged Last(Customer customer) =>
        app.Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id).MaxBy(changed => changed.Version)!;

    private Task<List<LedgerKind>> KindsAsync(Customer customer) =>
        app.ReadAsync(
            customer.Id,
            (db, token) => db.Ledger.OrderBy(entry => entry.At).ThenBy(entry => entry.Id).Select(entry => entry.Kind).ToListAsync(token)
        );
}
