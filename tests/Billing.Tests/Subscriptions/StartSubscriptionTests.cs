using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;

namespace WpAsis.Billing.Tests.Subscriptions;

public sealed class StartSubscriptionTests(BillingApplication app)
{
    [Fact]
    public async Task A_customer_that_registers_is_on_trial_for_fourteen_days_and_everybody_hears_of_it()
    {
        var customer = new Customer(app);

        var entitlement = await customer.RegisterAsync();

        entitlement.State.ShouldBe(EntitlementState.Active);
        entitlement.Plan.ShouldBe("trial");
        entitlement.Included.ShouldBe(100);
        (entitlement.PeriodEnd - entitlement.PeriodStart).ShouldBe(TimeSpan.FromDays(14));
        entitlement.ValidUntil.ShouldBe(entitlement.PeriodEnd);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_registration_that_comes_twice_begins_one_trial()
    {
        var customer = await Customer.RegisterAsync(app);

        await app.Bus.PublishAsync(new TenantRegistered { TenantId = customer.Id, At = app.Clock.GetUtcNow() });
        await customer.ReservedAsync();

        app.Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id).Count.ShouldBe(1);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_customer_that_left_gets_nothing_more()
    {
        var customer = await Customer.OnProAsync(app);

        await app.Bus.PublishAsync(new TenantClosed { TenantId = customer.Id, At = app.Clock.GetUtcNow() });

        (await customer.EntitlementAsync(3)).State.ShouldBe(EntitlementState.Suspended);
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.TenantClosed);
        using var given = await customer.GiveAsync("pro", "back again");
        given.StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_customer_whose_leaving_is_heard_before_its_registration_stays_closed()
    {
        var customer = new Customer(app);
        await app.Bus.PublishAsync(new TenantClosed { TenantId = customer.Id, At = app.Clock.GetUtcNow() });
        (await customer.EntitlementAsync(1)).State.ShouldBe(EntitlementState.Suspended);

        await app.Bus.PublishAsync(new TenantRegistered { TenantId = customer.Id, At = app.Clock.GetUtcNow() });

        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.TenantClosed);
        app.Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id).Count.ShouldBe(1);
        await Invariants.HoldAsync(app);
    }
}
