using System.Net;

namespace WpAsis.Console.Tests.Pages;

public sealed class PlanTests
{
    [Fact]
    public async Task Choosing_a_plan_leads_to_the_page_where_it_is_paid_and_back_here()
    {
        await using var app = Trial();
        app.Apis.Say(
            "POST billing/subscription/checkout",
            new { url = "https://checkout.stripe.test/c/1", expiresAt = Samples.Now.AddDays(1) }
        );
        using var browser = app.Open();
        await browser.OpenAsync("/plan");

        var page = await browser.SendAsync("/plan?handler=Pay", ("plan", "pro"));

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Headers.ShouldContain("Refresh: 0; url=https://checkout.stripe.test/c/1");
        page.Html.ShouldContain("href=\"https://checkout.stripe.test/c/1\"");
        app.Apis.Calls.Last().Body.ShouldBe("""{"plan":"pro","returnUrl":"https://localhost/plan"}""");
    }

    [Fact]
    public async Task Who_comes_back_from_paying_is_not_asked_to_pay_again_and_sees_the_plan_by_itself()
    {
        await using var app = Trial();
        using var browser = app.Open();

        var early = await browser.OpenAsync("/plan?checkout=paid");
        app.Apis.Say("GET billing/subscription", BillingSamples.Subscription());
        var late = await browser.OpenAsync("/plan?checkout=paid");

        early.Text.ShouldContain("Your plan is active as soon as Stripe has told us");
        early.Headers.ShouldContain("Refresh: 2");
        early.Html.ShouldNotContain("handler=Pay");
        late.Text.ShouldContain("Thank you. Your plan is active.");
        late.Headers.ShouldNotContain("Refresh");
    }

    [Fact]
    public async Task While_Stripe_is_away_the_page_says_that_nothing_was_paid()
    {
        await using var app = Trial();
        app.Apis.Refuse("POST billing/subscription/checkout", HttpStatusCode.ServiceUnavailable, "stripe-unavailable");
        using var browser = app.Open("billing", "tr");
        await browser.OpenAsync("/plan");

        var page = await browser.SendAsync("/plan?handler=Pay", ("plan", "pro"));

        page.Text.ShouldContain("Ödeme yapılmadı");
        page.Headers.ShouldNotContain("Refresh");
    }

    [Fact]
    public async Task A_paid_plan_is_cancelled_and_resumed()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say("POST billing/subscription/cancel", new { plan = "pro", state = "Active" });
        app.Apis.Say("POST billing/subscription/resume", new { plan = "pro", state = "Active" });
        using var browser = app.Open();
        await browser.OpenAsync("/plan");

        var cancelled = await browser.SendAsync("/plan?handler=Cancel");
        var resumed = await browser.SendAsync("/plan?handler=Resume");

        cancelled.Location!.OriginalString.ShouldBe("/plan?done=cancelled");
        resumed.Location!.OriginalString.ShouldBe("/plan?done=resumed");
    }

    [Fact]
    public async Task Who_does_not_pay_sees_usage_and_prices_and_no_invoices()
    {
        await using var app = Trial();
        using var browser = app.Open("viewer");

        var page = await browser.OpenAsync("/plan");

        page.Text.ShouldContain("₺1,490.00");
        page.Html.ShouldNotContain("handler=Pay");
        page.Text.ShouldNotContain("WPA-0001");
        app.Apis.CallsTo("billing/invoices").ShouldBeEmpty();
    }

    [Fact]
    public async Task Money_is_written_as_the_reader_writes_it()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        using var browser = app.Open(language: "tr");

        (await browser.OpenAsync("/plan")).Text.ShouldContain("₺1.490,00");
    }

    private static ConsoleApplication Trial()
    {
        var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say(
            "GET billing/subscription",
            new
            {
                plan = "trial",
                state = "Trialing",
                periodStart = Samples.Now,
                periodEnd = Samples.Now.AddDays(14),
                included = 100,
                used = 4,
                reserved = 0,
                trialEndsAt = Samples.Now.AddDays(14),
            }
        );
        return app;
    }
}
