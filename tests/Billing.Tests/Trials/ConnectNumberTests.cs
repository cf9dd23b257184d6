using WpAsis.Billing.Subscriptions;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tests.Trials;

public sealed class ConnectNumberTests(BillingApplication app)
{
    [Fact]
    public async Task A_number_has_one_trial_whoever_registers_with_it()
    {
        var number = NewNumber();
        var first = await Customer.RegisterAsync(app);
        var second = await Customer.RegisterAsync(app);
        await ConnectAsync(first, number);
        await ClaimedAsync(number);

        await ConnectAsync(second, number);

        (await second.EntitlementAsync(2)).State.ShouldBe(EntitlementState.Suspended);
        (await second.ReserveAsync(second.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.NotEntitled);
        (await second.SubscriptionAsync()).State.ShouldBe(SubscriptionState.TrialRefused);
        (await first.ReserveAsync(first.Ask())).ShouldBeNull();
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task The_trial_goes_on_when_the_number_is_disconnected()
    {
        var number = NewNumber();
        await ConnectAsync(await Customer.RegisterAsync(app), number);
        await ClaimedAsync(number);
        var customer = await Customer.RegisterAsync(app);
        var channel = await ConnectAsync(customer, number);
        await customer.EntitlementAsync(2);

        await DisconnectAsync(customer, number, channel, app.Clock.GetUtcNow().AddSeconds(1));

        (await customer.EntitlementAsync(3)).State.ShouldBe(EntitlementState.Active);
        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_that_is_heard_of_after_its_end_changes_nothing()
    {
        var number = NewNumber();
        await ConnectAsync(await Customer.RegisterAsync(app), number);
        await ClaimedAsync(number);
        var customer = await Customer.RegisterAsync(app);
        var channel = TypedId.New<ChannelId>(app.Clock);
        var connectedAt = app.Clock.GetUtcNow();
        await DisconnectAsync(customer, number, channel, connectedAt.AddMinutes(1));
        await UntilRememberedAsync(customer, 1);

        await ConnectAsync(customer, number, channel, connectedAt);
        await ConnectAsync(customer, NewNumber());
        await UntilRememberedAsync(customer, 2);

        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();
        app.Bus.Heard<EntitlementsChanged>(changed => changed.TenantId == customer.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_number_that_is_heard_of_before_the_registration_is_judged_at_the_registration()
    {
        var number = NewNumber();
        await ConnectAsync(await Customer.RegisterAsync(app), number);
        await ClaimedAsync(number);
        var customer = new Customer(app);
        await ConnectAsync(customer, number);
        await UntilRememberedAsync(customer, 1);

        (await customer.RegisterAsync()).State.ShouldBe(EntitlementState.Suspended);

        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.NotEntitled);
    }

    [Fact]
    public async Task A_customer_that_pays_may_connect_any_number_and_spends_nobodys_trial()
    {
        var number = NewNumber();
        var paying = await Customer.OnProAsync(app);
        await ConnectAsync(paying, number);
        await UntilRememberedAsync(paying, 1);
        var trying = await Customer.RegisterAsync(app);

        await ConnectAsync(trying, number);
        await ClaimedAsync(number);

        (await trying.ReserveAsync(trying.Ask())).ShouldBeNull();
        (await paying.ReserveAsync(paying.Ask())).ShouldBeNull();
    }

    private static string NewNumber() => TypedId.RandomGuid().ToString("N");

    private async Task<ChannelId> ConnectAsync(Customer customer, string number, ChannelId? channel = null, DateTimeOffset? at = null)
    {
        var id = channel ?? TypedId.New<ChannelId>(app.Clock);
        await app.Bus.PublishAsync(
            new ChannelConnected
            {
                TenantId = customer.Id,
                ChannelId = id,
                NumberKey = number,
                At = at ?? app.Clock.GetUtcNow(),
            }
        );
        return id;
    }

    private Task DisconnectAsync(Customer customer, string number, ChannelId channel, DateTimeOffset at) =>
        app.Bus.PublishAsync(
            new ChannelDisconnected
            {
                TenantId = customer.Id,
                ChannelId = channel,
                NumberKey = number,
                At = at,
            }
        );

    private Task ClaimedAsync(string number) =>
        Eventually.TrueAsync(
            async () => await app.ScalarAsync<long>("select count(*) from number_trial where number_key = $1", number) == 1,
            "the number's trial is somebody's"
        );

    private Task UntilRememberedAsync(Customer customer, long count) =>
        Eventually.TrueAsync(
            async () =>
                await app.ScalarAsync<long>("select count(*) from connected_number where tenant_id = $1", customer.Id.Value) == count,
            $"{count} numbers are remembered"
        );
}
