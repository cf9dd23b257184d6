using System.Net;
using System.Text.Json;
using WpAsis.AppHost.Native;

namespace WpAsis.Billing.Tests.Stripe;

/// <summary>The sandbox is worth what it refuses: it answers as Stripe does, errors above all.</summary>
public sealed class SandboxStripeTests(BillingApplication app)
{
    private const string Fixtures = "../shared/corpus/stripe/fixtures3.json";

    // Examples of older versions have them; the version that is pinned does not.
    private static readonly (string Resource, string Field)[] Gone = [("customer", "default_currency"), ("invoice", "subscription")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_gets_the_same_answer_and_with_other_parameters_an_error()
    {
        var key = Guid();

        var first = await PostAsync("/v1/customers", [new("description", "one")], key);
        var again = await PostAsync("/v1/customers", [new("description", "one")], key);
        var other = await PostAsync("/v1/customers", [new("description", "two")], key);

        again.Json.GetProperty("id").GetString().ShouldBe(first.Json.GetProperty("id").GetString());
        other.Status.ShouldBe(HttpStatusCode.BadRequest);
        other.Json.GetProperty("error").GetProperty("type").GetString().ShouldBe("idempotency_error");
    }

    [Theory]
    [InlineData("/v1/customers", "nickname", "parameter_unknown")]
    [InlineData("/v1/customers", "address[planet]", "parameter_unknown")]
    [InlineData("/v1/checkout/sessions", "line_items[0][colour]", "parameter_unknown")]
    [InlineData("/v1/checkout/sessions", "line_items[0][quantity]", "parameter_invalid_integer")]
    [InlineData("/v1/products", "active", "parameter_invalid_boolean")]
    [InlineData("/v1/products", "description", "parameter_missing")]
    public async Task What_stripe_would_refuse_is_refused(string path, string field, string code)
    {
        var answer = await PostAsync(path, [new(field, "x")]);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task What_stripe_knows_and_the_sandbox_would_ignore_is_refused_too()
    {
        var answer = await PostAsync("/v1/checkout/sessions", [new("subscription_data[trial_period_days]", "7")]);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("does not play");
    }

    [Fact]
    public async Task Without_the_key_nobody_gets_in_and_what_is_not_there_is_not_found()
    {
        using var stranger = app.Stripe.CreateApiClient("sk_test_of_somebody");
        using var api = app.Stripe.CreateApiClient();

        using var refused = await stranger.GetAsync(new Uri("/v1/customers", UriKind.Relative), Stop);
        using var missing = await api.GetAsync(new Uri("/v1/customers/cus_none", UriKind.Relative), Stop);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync(Stop)).ShouldContain("resource_missing");
    }

    [Fact]
    public async Task Pages_follow_each_other_and_ids_become_objects_on_request()
    {
        for (var i = 0; i < 3; i++)
            await PostAsync("/v1/customers", [new("description", "a page")]);
        var first = await GetAsync("/v1/customers?limit=2");
        var last = first.GetProperty("data")[1].GetProperty("id").GetString();

        var next = await GetAsync($"/v1/customers?limit=1&starting_after={last}");
        var prices = await GetAsync("/v1/prices?lookup_keys[]=pro&expand[]=data.product");

        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        first.GetProperty("data").EnumerateArray().Any(item => Id(item) == Id(next.GetProperty("data")[0])).ShouldBeFalse();
        prices.GetProperty("data")[0].GetProperty("product").GetProperty("name").GetString().ShouldBe("WpAsis Pro");

        static string? Id(JsonElement item) => item.GetProperty("id").GetString();
    }

    [Fact]
    public async Task What_it_answers_has_every_field_of_stripes_own_examples()
    {
        var file = Path.Combine(RepositoryRoot.Find(), Fixtures);
        Assert.SkipUnless(File.Exists(file), $"{Fixtures} is not there.");
        using var fixtures = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Stop));
        var resources = fixtures.RootElement.GetProperty("resources");
        var customer = await Payer.OnPaidProAsync(app);
        var stripeCustomer = await customer.StripeCustomerAsync(app);
        var subscription = await app.Stripe.ObjectAsync(await customer.StripeIdAsync(app));
        var sessions = await GetAsync($"/v1/checkout/sessions?customer={stripeCustomer}");

        Missing(resources, "customer", await app.Stripe.ObjectAsync(stripeCustomer)).ShouldBeEmpty();
        Missing(resources, "subscription", subscription).ShouldBeEmpty();
        Missing(resources, "subscription_item", subscription.GetProperty("items").GetProperty("data")[0]).ShouldBeEmpty();
        Missing(resources, "price", subscription.GetProperty("items").GetProperty("data")[0].GetProperty("price")).ShouldBeEmpty();
        Missing(resources, "checkout.session", sessions.GetProperty("data")[0]).ShouldBeEmpty();
        var invoice = await app.Stripe.ObjectAsync(subscription.GetProperty("latest_invoice").GetString()!);
        Missing(resources, "invoice", invoice).ShouldBeEmpty();
    }

    private static List<string> Missing(JsonElement resources, string name, JsonElement ours) =>
        [
            .. resources
                .GetProperty(name)
                .EnumerateObject()
                .Select(field => field.Name)
                .Where(field => !Gone.Contains((name, field)))
                .Where(field => !ours.TryGetProperty(field, out _)),
        ];

    private static string Guid() => WpAsis.Privacy.Ids.TypedId.RandomGuid().ToString("N");

    private async Task<JsonElement> GetAsync(string path)
    {
        using var api = app.Stripe.CreateApiClient();
        using var response = await api.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return await response.ReadAsync<JsonElement>();
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(
        string path,
        IEnumerable<KeyValuePair<string, string>> fields,
        string? key = null
    )
    {
        using var api = app.Stripe.CreateApiClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await api.SendAsync(request, Stop);
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Stop)));
    }
}
