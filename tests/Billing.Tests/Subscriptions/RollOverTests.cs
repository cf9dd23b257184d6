using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;

namespace WpAsis.Billing.Tests.Subscriptions;

public sealed class RollOverTests(BillingApplication app)
{
    [Fact]
    public async Task A_trial_ends_after_fourteen_days_and_the_customer_is_told()
    {
        var customer = await Customer.RegisterAsync(app);
        await customer.ReservedAsync();

        await app.AdvanceAsync(TimeSpan.FromDays(14));

        var ended = await customer.EntitlementAsync(2);
        ended.State.ShouldBe(EntitlementState.Suspended);
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.TrialEnded);
        var notice = await app.Bus.NextAsync<SendNotice>(notice => notice.TenantId == customer.Id);
        notice.Notice.ShouldBe(NoticeKind.TrialEnded);
        (await customer.SubscriptionAsync()).State.ShouldBe(SubscriptionState.TrialEnded);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_month_begins_with_a_fresh_counter_and_what_was_open_stays_with_its_own()
    {
        var customer = await Customer.OnProAsync(app);
        var settled = await customer.ReservedAsync();
        await customer.AcceptAsync(settled);
        await customer.UntilCountsAsync(used: 1, reserved: 0);
        var open = await customer.ReservedAsync(replies: 3);

        await app.AdvanceAsync(TimeSpan.FromDays(31));
        var next = await customer.EntitlementAsync(3);
        await customer.AcceptAsync(open);
        await customer.UntilStateAsync(open, Billing.Usage.ReservationState.Released);

        next.State.ShouldBe(EntitlementState.Active);
        next.Included.ShouldBe(2_000);
        (await customer.CountsAsync()).ShouldBe((0, 0));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Months_that_nobody_used_are_one_step_and_one_version()
    {
        var customer = await Customer.OnProAsync(app);
        var first = await customer.EntitlementAsync(2);

        await app.AdvanceAsync(TimeSpan.FromDays(100));

        var now = await customer.EntitlementAsync(3);
        now.PeriodStart.ShouldBe(first.PeriodStart.AddMonths(3));
        now.PeriodEnd.ShouldBe(first.PeriodStart.AddMonths(4));
        now.PeriodEnd.ShouldBeGreaterThan(app.Clock.GetUtcNow());
        await Invariants.HoldAsync(app);
    }
}

public sealed class PeriodTests
{
    private static readonly DateTimeOffset January31 = new(2027, 1, 31, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_month_that_began_on_the_31st_ends_on_the_last_of_february_and_on_the_31st_of_march()
    {
        Billing.Plans.Plan.Pro.EndOf(January31, 0).ShouldBe(new(2027, 2, 28, 10, 0, 0, TimeSpan.Zero));
        Billing.Plans.Plan.Pro.EndOf(January31, 1).ShouldBe(new(2027, 3, 31, 10, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_trial_is_over_by_the_clock_and_not_by_the_sweeper()
    {
        var subscription = Subscription.OnTrial(default, January31);

        subscription.RefusalAt(January31.AddDays(14).AddTicks(-1)).ShouldBeNull();
        subscription.RefusalAt(January31.AddDays(14)).ShouldBe(DenialReason.TrialEnded);
    }
}
