using WpAsis.Billing.Usage;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tests.Usage;

/// <summary>Settled, released or dropped: the first word stands, in whatever order the words come.</summary>
public sealed class FinalWordTests(BillingApplication app)
{
    [Fact]
    public async Task A_reply_that_was_sent_counts_once_however_often_it_is_said()
    {
        var customer = await Customer.RegisterAsync(app);
        var usage = await customer.ReservedAsync();
        var delivery = TypedId.RandomGuid();

        await customer.AcceptAsync(usage, delivery);
        await customer.AcceptAsync(usage, delivery);
        await customer.AcceptAsync(usage);
        await customer.UntilCountsAsync(used: 1, reserved: 0);
        await BarrierAsync(customer);

        (await customer.CountsAsync()).ShouldBe((2, 0));
        await Invariants.HoldAsync(app);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_that_was_not_sent_gives_its_room_back(bool dropped)
    {
        var customer = await Customer.RegisterAsync(app);
        var usage = await customer.ReservedAsync(replies: 4);

        await (dropped ? customer.DropAsync(usage) : customer.ReleaseAsync(usage));

        await customer.UntilCountsAsync(used: 0, reserved: 0);
        (await customer.StateOfAsync(usage)).ShouldBe(ReservationState.Released);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_release_that_comes_after_the_settlement_changes_nothing()
    {
        var customer = await Customer.RegisterAsync(app);
        var usage = await customer.ReservedAsync();
        await customer.AcceptAsync(usage);
        await customer.UntilCountsAsync(used: 1, reserved: 0);

        await customer.ReleaseAsync(usage);
        await customer.DropAsync(usage);
        await BarrierAsync(customer);

        (await customer.StateOfAsync(usage)).ShouldBe(ReservationState.Settled);
        (await customer.CountsAsync()).ShouldBe((2, 0));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_settlement_that_comes_after_the_release_is_not_billed()
    {
        var customer = await Customer.RegisterAsync(app);
        var usage = await customer.ReservedAsync();
        await customer.ReleaseAsync(usage);
        await customer.UntilCountsAsync(used: 0, reserved: 0);

        await customer.AcceptAsync(usage);
        await BarrierAsync(customer);

        (await customer.StateOfAsync(usage)).ShouldBe(ReservationState.Released);
        (await customer.CountsAsync()).ShouldBe((1, 0));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_release_that_overtakes_its_command_answers_it_with_no()
    {
        var customer = await Customer.RegisterAsync(app);
        var command = customer.Ask();
        await customer.ReleaseAsync(command.UsageId);
        await customer.UntilStateAsync(command.UsageId, ReservationState.Released);

        var denied = await customer.ReserveAsync(command);

        denied.ShouldNotBeNull().Reason.ShouldBeNull();
        (await customer.CountsAsync()).ShouldBe((0, 0));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_settlement_that_overtakes_its_command_counts_and_answers_it_with_yes()
    {
        var customer = await Customer.RegisterAsync(app);
        var command = customer.Ask();
        await customer.AcceptAsync(command.UsageId);
        await customer.UntilCountsAsync(used: 1, reserved: 0);

        (await customer.ReserveAsync(command)).ShouldBeNull();

        (await customer.CountsAsync()).ShouldBe((1, 0));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_settlement_beyond_the_cap_is_written_off_and_never_billed()
    {
        var customer = await Customer.RegisterAsync(app);
        for (var i = 0; i < 5; i++)
            await customer.ReservedAsync(replies: 20);
        var unknown = TypedId.New<UsageId>(app.Clock);

        await customer.AcceptAsync(unknown);

        await customer.UntilStateAsync(unknown, ReservationState.WrittenOff);
        (await customer.CountsAsync()).ShouldBe((0, 100));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_notice_has_no_usage_id_and_costs_nothing()
    {
        var customer = await Customer.RegisterAsync(app);

        await customer.AcceptAsync(usage: null);
        await customer.DropAsync(usage: null);
        await BarrierAsync(customer);

        (await customer.CountsAsync()).ShouldBe((1, 0));
        await Invariants.HoldAsync(app);
    }

    // A marker behind it: what came before in both queues has been worked on when these have. The settled marker counts one.
    private static async Task BarrierAsync(Customer customer)
    {
        var released = await customer.ReservedAsync();
        await customer.ReleaseAsync(released);
        await customer.UntilStateAsync(released, ReservationState.Released);
        var settled = await customer.ReservedAsync();
        await customer.AcceptAsync(settled);
        await customer.UntilStateAsync(settled, ReservationState.Settled);
    }
}
