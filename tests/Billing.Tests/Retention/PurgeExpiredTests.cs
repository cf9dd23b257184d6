using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tests.Retention;

public sealed class PurgeExpiredTests(BillingApplication app)
{
    [Fact]
    public async Task Reservations_are_kept_forty_days_after_their_period_and_the_ledger_three_years()
    {
        var customer = await Customer.OnProAsync(app);
        var usage = await customer.ReservedAsync();
        await customer.AcceptAsync(usage);
        await customer.UntilCountsAsync(used: 1, reserved: 0);

        await app.AdvanceAsync(TimeSpan.FromDays(31 + 38));
        (await CountAsync("reservation", customer.Id)).ShouldBe(1);
        await app.AdvanceAsync(TimeSpan.FromDays(3));

        (await CountAsync("reservation", customer.Id)).ShouldBe(0);
        (await CountAsync("ledger", customer.Id)).ShouldBeGreaterThan(2);
        await Invariants.HoldAsync(app);

        await app.AdvanceAsync(TimeSpan.FromDays(3 * 365 - 73));
        (await app.ScalarAsync<long>("select count(*) from ledger where usage_id = $1", usage.Value)).ShouldBe(1);
        await app.AdvanceAsync(TimeSpan.FromDays(2));
        (await app.ScalarAsync<long>("select count(*) from ledger where usage_id = $1", usage.Value)).ShouldBe(0);
        await Invariants.HoldAsync(app);
    }

    private Task<long> CountAsync(string table, TenantId tenant) =>
        app.ScalarAsync<long>($"select count(*) from {table} where tenant_id = $1", tenant.Value);
}
