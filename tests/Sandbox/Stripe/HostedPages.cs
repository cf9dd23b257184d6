using System.Globalization;
using Stripe;
using Stripe.Checkout;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>The pages at which a person pays. They work without a script, and say in big letters that no money moves.</summary>
internal sealed class HostedPages(StripeAccount account, CheckoutSessions sessions, Invoices invoices, DeliverEvents deliver, Pages pages)
{
    private const string Declined = "4000000000000002";
    private static readonly TimeSpan WaitForWebhook = TimeSpan.FromSeconds(10);

    public IResult ShowCheckout(HttpContext context, string id, bool declined = false)
    {
        lock (account.Lock)
        {
            if (account.Find<Session>(id) is not { } session)
                return Results.NotFound();
            AllowReturn(context, session.SuccessUrl);
            var values = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["action"] = $"/c/pay/{id}",
                ["amount"] = Money(session.AmountTotal ?? 0, session.Currency),
                ["back"] = session.CancelUrl ?? session.SuccessUrl,
                ["declined"] = declined ? "" : "hidden",
            };
            return pages.Render(context, session.Status == "open" ? "checkout" : "checkout-over", values);
        }
    }

    public async Task<IResult> PayCheckoutAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        StripeEvent completed;
        string success;
        lock (account.Lock)
        {
            if (account.Find<Session>(id) is not { Status: "open" } session)
                return ShowCheckout(context, id);
            if (form["card"].ToString().Replace(" ", "", StringComparison.Ordinal) == Declined)
                return ShowCheckout(context, id, declined: true);
            AllowReturn(context, session.SuccessUrl);
            success = session.SuccessUrl.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal);
            completed = sessions.Complete(session);
        }
        if (deliver.Holds)
            return new SeeOther(success);
        // As Stripe does: the person is sent back when the shop knows, or after ten seconds.
        await completed.Answered.WaitAsync(WaitForWebhook, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new SeeOther(success);
    }

    public IResult ShowInvoice(HttpContext context, string id)
    {
        lock (account.Lock)
        {
            if (account.Find<Invoice>(id) is not { Number: not null } invoice)
                return Results.NotFound();
            var values = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["action"] = $"/i/{id}",
                ["amount"] = Money(invoice.AmountDue, invoice.Currency),
                ["number"] = invoice.Number,
                ["open"] = invoice.Status == "open" ? "" : "hidden",
                ["paid"] = invoice.Status == "paid" ? "" : "hidden",
            };
            return pages.Render(context, "invoice", values);
        }
    }

    /// <summary>Paid by hand: the card is good again.</summary>
    public IResult PayInvoice(string id)
    {
        lock (account.Lock)
        {
            if (account.Find<Invoice>(id) is not { Status: "open" } invoice)
                return Results.NotFound();
            account.Declining.Remove(invoice.CustomerId);
            invoices.Pay(invoice);
        }
        return new SeeOther($"/i/{id}");
    }

    // Browsers hold the answer to a form to the same rule as the form itself.
    private static void AllowReturn(HttpContext context, string address) =>
        context.Response.Headers.ContentSecurityPolicy = context
            .Response.Headers.ContentSecurityPolicy.ToString()
            .Replace(
                "form-action 'self'",
                $"form-action 'self' {new Uri(address).GetLeftPart(UriPartial.Authority)}",
                StringComparison.Ordinal
            );

    private static string Money(long minor, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{minor / 100m:N2} {currency.ToUpperInvariant()}");

    private sealed class SeeOther(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }
}
