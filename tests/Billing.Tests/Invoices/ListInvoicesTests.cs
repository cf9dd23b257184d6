using System.Net;
using WpAsis.Billing.Tests.Stripe;

namespace WpAsis.Billing.Tests.Invoices;

public sealed class ListInvoicesTests(BillingApplication app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invoice_says_what_was_paid_in_minor_units_and_where_it_can_be_seen()
    {
        var customer = await Payer.OnPaidProAsync(app);

        var page = await customer.InvoicesAsync(app);

        var invoice = page.Items.ShouldHaveSingleItem();
        invoice.Number.ShouldNotBeNullOrEmpty();
        invoice.AmountDue.ShouldBe(149_000);
        invoice.AmountPaid.ShouldBe(149_000);
        invoice.Currency.ShouldBe("try");
        invoice.Status.ShouldBe("paid");
        invoice.HostedUrl.ShouldNotBeNullOrEmpty();
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Invoices_come_in_pages_newest_first_and_none_twice()
    {
        var customer = await Payer.OnPaidProAsync(app);
        var first = (await customer.InvoicesAsync(app)).Items[0];
        await app.AdvanceAsync(TimeSpan.FromDays(70));

        var newest = await customer.InvoicesAsync(app, "?limit=2");
        var rest = await customer.InvoicesAsync(app, $"?limit=2&after={newest.Next}");

        newest.Items.Count.ShouldBe(2);
        rest.Items.ShouldHaveSingleItem().Id.ShouldBe(first.Id);
        newest.Items.ShouldNotContain(invoice => invoice.Id == first.Id);
        rest.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_sees_the_invoices_of_another_customer()
    {
        var mine = await Payer.OnPaidProAsync(app);
        var other = await Payer.OnPaidProAsync(app);
        var foreign = (await other.InvoicesAsync(app)).Items[0].Id;

        (await mine.InvoicesAsync(app)).Items.ShouldNotContain(invoice => invoice.Id == foreign);
        using var after = await mine.GetInvoicesAsync(app, $"?after={foreign}");

        await after.ShouldBeAsync(HttpStatusCode.BadRequest, "invalid-input");
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?after=cus_1")]
    [InlineData("?after=in_1/../../customers")]
    public async Task What_is_no_page_is_refused(string query)
    {
        var customer = await Customer.RegisterAsync(app);

        using var response = await customer.GetInvoicesAsync(app, query);

        await response.ShouldBeAsync(HttpStatusCode.BadRequest, "invalid-input");
    }

    [Fact]
    public async Task Who_never_paid_has_none_and_who_does_not_decide_about_money_sees_none()
    {
        var customer = await Customer.RegisterAsync(app);

        (await customer.InvoicesAsync(app)).Items.ShouldBeEmpty();
        using var client = app.CreateClient(app.Member(customer.Id, role: "viewer"));
        using var response = await client.GetAsync(new Uri("/invoices", UriKind.Relative), Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
