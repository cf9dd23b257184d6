using System.Net;
using System.Text.Json;
using WpAsis.Billing.Tests.Stripe;

namespace WpAsis.Billing.Tests.Checkouts;

/// <summary>Stripe is away, or nobody knows whether it did what it was asked.</summary>
public sealed class StripeAwayTests(BillingApplication app)
{
    [Fact]
    public async Task While_stripe_is_away_nobody_begins_to_pay_and_everything_else_goes_on()
    {
        var customer = await Customer.RegisterAsync(app);
        app.Stripe.IsAway = true;
        try
        {
            using var response = await customer.CheckOutAsync(app);

            await response.ShouldBeAsync(HttpStatusCode.ServiceUnavailable, "stripe-unavailable");
            response.Headers.RetryAfter.ShouldNotBeNull();
            (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();
            (await customer.SubscriptionAsync()).Plan.ShouldBe("trial");
        }
        finally
        {
            app.Stripe.IsAway = false;
        }
        (await customer.PageAsync(app)).Url.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task An_error_that_stripe_keeps_under_its_key_is_left_behind_with_the_key()
    {
        var customer = await Customer.RegisterAsync(app);
        await app.Stripe.FaultAsync(
            new
            {
                target = "stripe",
                kind = "status",
                httpStatus = 500,
                match = "POST /v1/checkout/sessions",
            }
        );

        using var failed = await customer.CheckOutAsync(app);
        var page = await customer.PageAsync(app);

        await failed.ShouldBeAsync(HttpStatusCode.ServiceUnavailable, "stripe-unavailable");
        page.Url.ShouldNotBeNullOrEmpty();
        (await SuccessesAsync(customer)).ShouldBe(1);
    }

    [Fact]
    public async Task A_page_whose_answer_was_lost_is_found_again_and_not_made_twice()
    {
        var customer = await Customer.RegisterAsync(app);
        await app.Stripe.FaultAsync(
            new
            {
                target = "stripe",
                kind = "timeout-after-accept",
                delayMs = 1,
                match = "POST /v1/checkout/sessions",
            }
        );

        using var lost = await customer.CheckOutAsync(app);
        var page = await customer.PageAsync(app);

        await lost.ShouldBeAsync(HttpStatusCode.ServiceUnavailable, "stripe-unavailable");
        page.Url.ShouldNotBeNullOrEmpty();
        (await SuccessesAsync(customer)).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_of_a_person_leaves_for_stripe_and_nothing_of_the_machine()
    {
        // What tests themselves asked of the sandbox lies before.
        var before = (await PostsAsync()).Count;
        var customer = await Payer.OnPaidProAsync(app);
        using var cancelled = await customer.PostAsync(app, "/subscription/cancel");

        var posts = (await PostsAsync()).Skip(before).ToList();

        posts.ShouldNotBeEmpty();
        posts.ShouldAllBe(call => !call.GetProperty("body").GetString()!.Contains("email"));
        posts.ShouldAllBe(call => !call.GetProperty("headers").GetRawText().Contains("X-Stripe-Client"));
        posts.ShouldAllBe(call => call.GetProperty("idempotencyKey").GetString() != null);
        var created = posts.First(call => call.GetProperty("body").GetString()!.Contains(customer.Id.ToString()));
        created.GetProperty("body").GetString().ShouldBe($"metadata[tenant_id]={customer.Id}");
    }

    private async Task<IReadOnlyList<JsonElement>> PostsAsync() =>
        [
            .. (await app.Stripe.CallsAsync("POST", "/v1/customers"))
                .Concat(await app.Stripe.CallsAsync("POST", "/v1/checkout/sessions"))
                .OrderBy(call => call.GetProperty("index").GetInt64()),
        ];

    private async Task<int> SuccessesAsync(Customer customer)
    {
        var calls = await app.Stripe.CallsAsync("POST", "/v1/checkout/sessions");
        return calls.Count(call =>
            call.GetProperty("body").GetString()!.Contains(customer.Id.ToString(), StringComparison.Ordinal)
            && call.GetProperty("status").GetInt32() == 200
            && !call.GetProperty("replayed").GetBoolean()
        );
    }
}
