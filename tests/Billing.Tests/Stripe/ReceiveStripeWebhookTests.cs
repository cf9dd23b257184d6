using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tests.Stripe;

public sealed class ReceiveStripeWebhookTests(BillingApplication app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("none")]
    [InlineData("forged")]
    [InlineData("old")]
    [InlineData("future")]
    [InlineData("v0")]
    public async Task What_stripe_did_not_sign_just_now_is_refused_and_not_stored(string signature)
    {
        var (id, body) = await LostEventAsync();

        var status = await app.Stripe.DeliverAsync(id, signature, body);

        status.ShouldBe(400);
        (await StoredAsync(EventIdOf(body))).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_event_ten_times_is_stored_once_and_changes_nothing_more()
    {
        var customer = await Payer.OnPaidProAsync(app);
        var events = await app.Stripe.EventsAsync(await customer.StripeCustomerAsync(app));
        var id = events.Single(item => item.GetProperty("type").GetString() == "checkout.session.completed").GetProperty("id").GetString()!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Stripe.DeliverAsync(id)));
        await MarkerAsync();

        answers.ShouldAllBe(status => status == 200);
        (await StoredAsync(id)).ShouldBe(1);
        app.Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_signed_event_says_is_not_believed()
    {
        var paying = await Payer.OnPaidProAsync(app);
        var (id, body) = await LostEventAsync();
        var claims = body.Replace(
                "\"customer\":\"cus_nobody\"",
                $"\"customer\":\"{await paying.StripeCustomerAsync(app)}\"",
                StringComparison.Ordinal
            )
            .Replace("\"status\":\"active\"", "\"status\":\"canceled\"", StringComparison.Ordinal);

        (await app.Stripe.DeliverAsync(id, body: claims)).ShouldBe(200);
        await UntilStateAsync(EventIdOf(claims), "Applied");

        (await paying.SubscriptionAsync()).State.ShouldBe(SubscriptionState.Active);
    }

    [Fact]
    public async Task An_event_of_a_customer_that_is_nobodys_is_kept_for_a_look()
    {
        var (id, body) = await LostEventAsync();

        (await app.Stripe.DeliverAsync(id, body: body)).ShouldBe(200);
        for (var i = 0; i < 11 && await StateAsync(EventIdOf(body)) != "Quarantined"; i++)
            await app.AdvanceAsync(TimeSpan.FromMinutes(10));

        (await StateAsync(EventIdOf(body))).ShouldBe("Quarantined");
    }

    [Theory]
    [InlineData("a.kind.of.the.future", "2027-05-05.later")]
    [InlineData("price.updated", "2023-10-16")]
    public async Task Kinds_and_versions_nobody_knows_are_stored_and_let_be(string type, string version)
    {
        var (id, body) = await LostEventAsync(type);
        body = body.Replace("2026-10-28.endive", version, StringComparison.Ordinal);

        (await app.Stripe.DeliverAsync(id, body: body)).ShouldBe(200);

        (await StateAsync(EventIdOf(body))).ShouldBe("Ignored");
    }

    [Theory]
    [InlineData("not json", 200)]
    [InlineData("{}", 200)]
    [InlineData("{\"id\":7}", 200)]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"invoice.paid\",\"created\":99999999999999,\"data\":null}", 200)]
    [InlineData("{\"id\":\"evt_\\u0000\",\"type\":\"invoice.paid\",\"created\":1}", 200)]
    [InlineData("{\"id\":\"evt_live\",\"type\":\"invoice.paid\",\"created\":1,\"livemode\":true}", 400)]
    public async Task A_signed_body_of_any_shape_is_answered_without_an_error_of_ours(string body, int expected)
    {
        var (id, _) = await LostEventAsync();

        (await app.Stripe.DeliverAsync(id, body: body)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        using var client = app.CreateClient();
        using var content = new StringContent(new string('x', 300 * 1024), Encoding.UTF8, "application/json");

        using var response = await client.PostAsync(new Uri("/webhooks/stripe", UriKind.Relative), content, Stop);

        await response.ShouldBeAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task While_the_database_is_away_stripe_is_asked_to_come_again()
    {
        var away = new NpgsqlConnectionStringBuilder(app.Database.Work) { Port = 1 }.ConnectionString;
        await using var replica = app.CreateReplica(work: away);
        var (id, body) = await LostEventAsync();
        app.Stripe.Deliver([replica]);
        try
        {
            (await app.Stripe.DeliverAsync(id, body: body)).ShouldBe(503);
        }
        finally
        {
            app.DeliverToAll();
        }
        (await app.Stripe.DeliverAsync(id, body: body)).ShouldBe(200);
        (await StoredAsync(EventIdOf(body))).ShouldBe(1);
    }

    // A body like Stripe's, under an id of its own, about a customer of nobody here.
    private async Task<(string Id, string Body)> LostEventAsync(string type = "customer.subscription.updated")
    {
        using var api = app.Stripe.CreateApiClient();
        using var form = new FormUrlEncodedContent([new("description", "a test")]);
        using var created = await api.PostAsync(new Uri("/v1/customers", UriKind.Relative), form, Stop);
        var customer = (await created.ReadAsync<JsonElement>()).GetProperty("id").GetString()!;
        var id = (await app.Stripe.EventsAsync(customer))[^1].GetProperty("id").GetString()!;
        var own = "evt_" + TypedId.RandomGuid().ToString("N");
        var thing = new
        {
            id = "sub_1",
            status = "active",
            customer = "cus_nobody",
        };
        var body = JsonSerializer.Serialize(
            new
            {
                id = own,
                api_version = "2026-10-28.endive",
                created = app.Clock.GetUtcNow().ToUnixTimeSeconds(),
                livemode = false,
                type,
                data = new { @object = thing },
            }
        );
        return (id, body);
    }

    private static string EventIdOf(string body) => body.Split("\"id\":\"")[1].Split('"')[0];

    private Task<long> StoredAsync(string id) => app.ScalarAsync<long>("select count(*) from stripe_event where id = $1", id);

    private Task<string> StateAsync(string id) => app.ScalarAsync<string>("select state from stripe_event where id = $1", id);

    private Task UntilStateAsync(string id, string state) =>
        Eventually.TrueAsync(async () => await StateAsync(id) == state, $"an event is {state}");

    // Something that came behind has been applied: so has what came before.
    private async Task MarkerAsync() => await Payer.OnPaidProAsync(app);
}
