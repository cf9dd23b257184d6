using WpAsis.Billing.Usage;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Tests.Usage;

public sealed class ReserveUsageTests(BillingApplication app)
{
    [Fact]
    public async Task Room_is_reserved_and_the_answer_names_what_was_asked()
    {
        var customer = await Customer.RegisterAsync(app);
        var command = customer.Ask();

        (await customer.ReserveAsync(command)).ShouldBeNull();

        var answer = await app.Bus.NextAsync<UsageReserved>(reserved => reserved.UsageId == command.UsageId);
        answer.TenantId.ShouldBe(customer.Id);
        answer.ThreadId.ShouldBe(customer.Thread);
        answer.ExpiresAt.ShouldBe(command.ExpiresAt, TimeSpan.FromMilliseconds(1));
        (await customer.CountsAsync()).ShouldBe((0, 1));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task Asked_again_the_same_id_gets_the_same_answer_and_takes_nothing_more()
    {
        var customer = await Customer.RegisterAsync(app);
        var command = customer.Ask();
        await customer.ReserveAsync(command);

        (await customer.ReserveAsync(command)).ShouldBeNull();
        await customer.AcceptAsync(command.UsageId);
        await customer.UntilCountsAsync(used: 1, reserved: 0);
        (await customer.ReserveAsync(command)).ShouldBeNull();

        app.Bus.Heard<UsageReserved>(reserved => reserved.UsageId == command.UsageId).Count.ShouldBe(3);
        (await customer.CountsAsync()).ShouldBe((1, 0));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task A_message_that_is_delivered_twice_is_answered_once()
    {
        var customer = await Customer.RegisterAsync(app);
        var command = customer.Ask();
        var delivery = TypedId.RandomGuid();

        await app.Bus.PublishAsync(command, delivery);
        await app.Bus.PublishAsync(command, delivery);
        await app.Bus.NextAsync<UsageReserved>(reserved => reserved.UsageId == command.UsageId);
        await customer.ReservedAsync();
        await customer.ReservedAsync();

        app.Bus.Heard<UsageReserved>(reserved => reserved.UsageId == command.UsageId).Count.ShouldBe(1);
        (await customer.CountsAsync()).ShouldBe((0, 3));
    }

    [Fact]
    public async Task The_stop_is_hard_and_the_customer_is_told_once_a_day()
    {
        var customer = await Customer.RegisterAsync(app);
        for (var i = 0; i < 5; i++)
            await customer.ReservedAsync(replies: 20);

        for (var i = 0; i < 3; i++)
            (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull().Reason.ShouldBe(DenialReason.QuotaExhausted);
        var first = await app.Bus.NextAsync<SendNotice>(notice => notice.TenantId == customer.Id);
        await app.AdvanceAsync(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(30));
        (await customer.ReserveAsync(customer.Ask())).ShouldNotBeNull();
        var both = await app.Bus.NextAsync<SendNotice>(notice => notice.TenantId == customer.Id, 2);

        first.Notice.ShouldBe(NoticeKind.QuotaExhausted);
        first.SubjectId.ShouldBeNull();
        first.Values["included"].ShouldBe("100");
        both.Select(notice => notice.NoticeId).Distinct().Count().ShouldBe(2);
        both.Count.ShouldBe(2);
        (await customer.CountsAsync()).ShouldBe((0, 100));
        await Invariants.HoldAsync(app);
    }

    [Fact]
    public async Task More_than_what_is_left_is_denied_and_less_is_still_granted()
    {
        var customer = await Customer.RegisterAsync(app);
        for (var i = 0; i < 7; i++)
            await customer.ReservedAsync(replies: 14);

        (await customer.ReserveAsync(customer.Ask(replies: 3))).ShouldNotBeNull().Reason.ShouldBe(DenialReason.QuotaExhausted);
        (await customer.ReserveAsync(customer.Ask(replies: 2))).ShouldBeNull();

        (await customer.CountsAsync()).ShouldBe((0, 100));
    }

    [Fact]
    public async Task What_was_denied_stays_denied_even_when_there_is_room_again()
    {
        var customer = await Customer.RegisterAsync(app);
        var all = new List<UsageId>();
        for (var i = 0; i < 5; i++)
            all.Add(await customer.ReservedAsync(replies: 20));
        var late = customer.Ask();
        (await customer.ReserveAsync(late)).ShouldNotBeNull();

        await customer.ReleaseAsync(all[0]);
        await customer.UntilCountsAsync(used: 0, reserved: 80);

        (await customer.ReserveAsync(late)).ShouldNotBeNull().Reason.ShouldBe(DenialReason.QuotaExhausted);
        (await customer.ReserveAsync(customer.Ask())).ShouldBeNull();
        await Invariants.HoldAsync(app);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1_000)]
    public async Task A_number_of_replies_that_makes_no_sense_takes_nothing(int replies)
    {
        var customer = await Customer.RegisterAsync(app);
        var senseless = customer.Ask(replies);

        await app.Bus.PublishAsync(senseless);
        await customer.ReservedAsync();

        (await customer.StateOfAsync(senseless.UsageId)).ShouldBeNull();
        (await customer.CountsAsync()).ShouldBe((0, 1));
    }

    [Fact]
    public async Task An_id_of_another_customer_is_neither_told_nor_changed()
    {
        var owner = await Customer.RegisterAsync(app);
        var usage = await owner.ReservedAsync();
        var other = await Customer.RegisterAsync(app);

        await app.Bus.PublishAsync(other.Ask(usage: usage));
        await other.AcceptAsync(usage);
        await other.ReleaseAsync(usage);
        await other.ReservedAsync();

        (await owner.StateOfAsync(usage)).ShouldBe(ReservationState.Reserved);
        app.Bus.Heard<UsageReserved>(reserved => reserved.UsageId == usage && reserved.TenantId == other.Id).ShouldBeEmpty();
        (await owner.CountsAsync()).ShouldBe((0, 1));
        (await other.CountsAsync()).ShouldBe((0, 1));
        await Invariants.HoldAsync(app);
    }
}
