using WpAsis.Billing.Usage;

namespace WpAsis.Billing.Tests.Usage;

public sealed class ReleaseExpiredTests(BillingApplication app)
{
    [Fact]
    public async Task What_nobody_settles_or_releases_is_given_back_a_day_after_it_expired_and_not_before()
    {
        var customer = await Customer.RegisterAsync(app);
        var lost = await customer.ReservedAsync(replies: 5);
        var settled = await customer.ReservedAsync();
        await customer.AcceptAsync(settled);
        await customer.UntilCountsAsync(used: 1, reserved: 5);

        await app.AdvanceAsync(TimeSpan.FromHours(24));
        (await customer.CountsAsync()).ShouldBe((1, 5));
        var fresh = await customer.ReservedAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(40));

        (await customer.StateOfAsync(lost)).ShouldBe(ReservationState.Released);
        (await customer.StateOfAsync(fresh)).ShouldBe(ReservationState.Reserved);
        (await customer.CountsAsync()).ShouldBe((1, 1));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_settlement_that_comes_after_the_day_is_not_billed()
    {
        var customer = await Customer.RegisterAsync(app);
        var lost = await customer.ReservedAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(25));
        (await customer.StateOfAsync(lost)).ShouldBe(ReservationState.Released);

        await customer.AcceptAsync(lost);
        var marker = await customer.ReservedAsync();
        await customer.AcceptAsync(marker);
        await customer.UntilStateAsync(marker, ReservationState.Settled);

        (await customer.CountsAsync()).ShouldBe((1, 0));
        await Invariants.HoldAsync(app);
    }
}
