using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Tests.Subscriptions;

public sealed class GivePlanTests(BillingApplication app)
{
    [Fact]
    public async Task An_operator_gives_a_plan_from_now_on_and_the_reason_is_in_the_ledger()
    {
        var customer = await Customer.RegisterAsync(app);
        var before = app.Clock.GetUtcNow();

        using var response = await customer.GiveAsync("pro", "demonstration");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var view = await response.Content.ReadFromJsonAsync<SubscriptionView>(Json.Options, TestContext.Current.CancellationToken);
        view.ShouldNotBeNull().Plan.ShouldBe("pro");
        view.State.ShouldBe(SubscriptionState.Active);
        view.Included.ShouldBe(2_000);
        view.TrialEndsAt.ShouldBeNull();
        view.PeriodStart.ShouldBeGreaterThanOrEqualTo(before.AddSeconds(-1));
        (await customer.EntitlementAsync(2)).Plan.ShouldBe("pro");
        var reasons = await app.ReadAsync(
            customer.Id,
            (db, token) => db.Ledger.Where(entry => entry.Kind == LedgerKind.PlanGiven).Select(entry => entry.Reason).ToListAsync(token)
        );
        reasons.ShouldBe(["demonstration"]);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Given_twice_it_is_given_once()
    {
        var customer = await Customer.OnProAsync(app);
        await customer.AcceptAsync(await customer.ReservedAsync());
        await customer.UntilCountsAsync(used: 1, reserved: 0);

        using var again = await customer.GiveAsync("pro", "demonstration");
        await customer.ReservedAsync();

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await customer.CountsAsync()).ShouldBe((1, 1));
        app.Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_trial_that_was_used_up_goes_on_as_soon_as_a_plan_is_given()
    {
        var customer = await Customer.RegisterAsync(app);
        await app.AdvanceAsync(TimeSpan.FromDays(15));
        (await customer.EntitlementAsync(2)).State.ShouldBe(EntitlementState.Suspended);

        using var given = await customer.GiveAsync("pro", "late decision");

        given.StatusCode.ShouldBe(HttpStatusCode.OK);
        await customer.ReservedAsync();
    }

    [Theory]
    [InlineData("trial", "a second one")]
    [InlineData("gold", "generosity")]
    [InlineData("pro", " ")]
    [InlineData("pro", "asked by ayse@example.com")]
    [InlineData("pro", "call +90 532 123 45 67")]
    public async Task What_is_no_plan_or_names_a_person_is_refused(string plan, string reason)
    {
        var customer = await Customer.RegisterAsync(app);

        using var response = await customer.GiveAsync(plan, reason);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await customer.SubscriptionAsync()).Plan.ShouldBe("trial");
    }

    [Fact]
    public async Task Nobody_but_an_operator_gives_plans()
    {
        var customer = await Customer.RegisterAsync(app);

        using var member = await customer.GiveAsync("pro", "I would like it", app.Member(customer.Id));
        using var memberOfOperators = await customer.GiveAsync("pro", "I would like it", app.Member(customer.Id, "operators"));
        using var foreignAudience = await customer.GiveAsync("pro", "I would like it", app.Operator("billing"));

        member.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        memberOfOperators.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreignAudience.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await customer.SubscriptionAsync()).Plan.ShouldBe("trial");
    }

    [Fact]
    public async Task A_customer_nobody_knows_is_not_found()
    {
        using var response = await new Customer(app).GiveAsync("pro", "by mistake");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
