using WpAsis.Billing.Usage;
using WpAsis.Contracts.Billing;

namespace WpAsis.Billing.Tests.Usage;

/// <summary>A registration and a first message travel on different ways: neither waits for the other.</summary>
public sealed class HeldReservationTests(BillingApplication app)
{
    [Fact]
    public async Task A_command_for_a_customer_that_is_not_known_yet_is_answered_when_it_registers()
    {
        var customer = new Customer(app);
        var command = customer.Ask(replies: 2);
        await app.Bus.PublishAsync(command);
        await UntilHeldAsync(customer, 1);

        app.Bus.Heard<UsageReserved>(reserved => reserved.TenantId == customer.Id).ShouldBeEmpty();
        await customer.RegisterAsync();

        await app.Bus.NextAsync<UsageReserved>(reserved => reserved.UsageId == command.UsageId && reserved.ThreadId == customer.Thread);
        (await customer.CountsAsync()).ShouldBe((0, 2));
        await UntilHeldAsync(customer, 0);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Repeated_while_it_is_kept_it_is_kept_once()
    {
        var customer = new Customer(app);
        var command = customer.Ask();
        for (var i = 0; i < 3; i++)
            await app.Bus.PublishAsync(command);
        var marker = customer.Ask();
        await app.Bus.PublishAsync(marker);
        await UntilHeldAsync(customer, 2);

        await customer.RegisterAsync();

        await app.Bus.NextAsync<UsageReserved>(reserved => reserved.UsageId == marker.UsageId);
        await Eventually.TrueAsync(async () => await customer.CountsAsync() == (0, 2), "both are reserved");
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Final_words_are_kept_too_and_do_their_work_at_the_registration()
    {
        var customer = new Customer(app);
        var (released, settled) = (customer.Ask(), customer.Ask(replies: 3));
        await app.Bus.PublishAsync(released);
        await app.Bus.PublishAsync(settled);
        await UntilHeldAsync(customer, 2);
        await customer.ReleaseAsync(released.UsageId);
        await customer.AcceptAsync(settled.UsageId);
        await UntilHeldAsync(customer, 2, " and final is not null");

        await customer.RegisterAsync();

        var denied = await app.Bus.NextAsync<UsageDenied>(denied => denied.UsageId == released.UsageId);
        denied.Reason.ShouldBeNull();
        await app.Bus.NextAsync<UsageReserved>(reserved => reserved.UsageId == settled.UsageId);
        (await customer.CountsAsync()).ShouldBe((3, 0));
        (await customer.StateOfAsync(released.UsageId)).ShouldBe(ReservationState.Released);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_command_and_a_registration_that_cross_each_other_are_both_answered()
    {
        var customers = Enumerable.Range(0, 40).Select(_ => new Customer(app)).ToList();
        var commands = customers.ConvertAll(customer => customer.Ask());

        await Task.WhenAll(
            customers.Select(customer => customer.RegisterAsync()).Concat(commands.Select(command => app.Bus.PublishAsync(command)))
        );

        foreach (var command in commands)
            await app.Bus.NextAsync<UsageReserved>(reserved => reserved.UsageId == command.UsageId);
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task What_is_kept_for_a_customer_that_never_registers_is_forgotten_after_eight_days()
    {
        var customer = new Customer(app);
        await app.Bus.PublishAsync(customer.Ask());
        await UntilHeldAsync(customer, 1);

        await app.AdvanceAsync(TimeSpan.FromDays(8) - TimeSpan.FromMinutes(5));
        await UntilHeldAsync(customer, 1);
        await app.AdvanceAsync(TimeSpan.FromMinutes(10));

        await UntilHeldAsync(customer, 0);
    }

    private Task UntilHeldAsync(Customer customer, long count, string and = "") =>
        Eventually.TrueAsync(
            async () =>
                await app.ScalarAsync<long>($"select count(*) from held_reservation where tenant_id = $1{and}", customer.Id.Value) == count,
            $"{count} commands are kept"
        );
}
