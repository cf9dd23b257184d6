using System.Net;
using System.Net.Http.Json;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Usage;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Tests.Subscriptions;

public sealed class GetSubscriptionTests(BillingApplication app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_sees_plan_period_and_what_is_used()
    {
        var customer = await Customer.RegisterAsync(app);
        await customer.AcceptAsync(await customer.ReservedAsync(replies: 2));
        await customer.UntilCountsAsync(used: 2, reserved: 0);
        await customer.ReservedAsync();

        var view = await customer.SubscriptionAsync();

        (view.Plan, view.Included, view.Used, view.Reserved).ShouldBe(("trial", 100, 2, 1));
        view.TrialEndsAt.ShouldBe(view.PeriodEnd);
    }

    [Fact]
    public async Task A_member_of_another_customer_sees_its_own_and_nothing_else()
    {
        var busy = await Customer.RegisterAsync(app);
        await busy.ReservedAsync(replies: 5);
        var quiet = await Customer.RegisterAsync(app);

        (await quiet.SubscriptionAsync()).Reserved.ShouldBe(0);
    }

    [Theory]
    [InlineData("/plans")]
    [InlineData("/subscription")]
    [InlineData("/usage")]
    public async Task Without_a_token_nothing_is_told(string path)
    {
        using var client = app.CreateClient();

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/subscription")]
    [InlineData("/usage")]
    public async Task A_customer_that_has_just_registered_is_told_to_wait(string path)
    {
        using var client = app.CreateClient(app.Member(new Customer(app).Id));

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Stop)).ShouldContain("https://wpasis.com/problems/no-subscription");
    }

    [Fact]
    public async Task Plans_are_listed_with_what_they_include()
    {
        using var client = app.CreateClient(app.Member(new Customer(app).Id));

        var plans = await client.GetFromJsonAsync<PlansPage>("/plans", Json.Options, Stop);

        plans
            .ShouldNotBeNull()
            .Items.ShouldBe([new("trial", 100, "once", 14), new("pro", 2_000, "month", null, new(149_000, "try", "month"))]);
    }

    [Fact]
    public async Task Usage_says_what_is_left()
    {
        var customer = await Customer.RegisterAsync(app);
        await customer.ReservedAsync(replies: 7);
        using var client = app.CreateClient(app.Member(customer.Id), replica: 1);

        var usage = await client.GetFromJsonAsync<UsageView>("/usage", Json.Options, Stop);

        (usage.ShouldNotBeNull().Included, usage.Used, usage.Reserved, usage.Left).ShouldBe((100, 0, 7, 93));
        usage.WhatsApp.ShouldBeEmpty();
    }
}
