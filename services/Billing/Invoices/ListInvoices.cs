using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Data;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Subscriptions;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Billing.Invoices;

/// <summary>
/// The customer's invoices, newest first, as Stripe has them now: no figure of an invoice is kept here, and an address of one is good for a
/// while only.
/// </summary>
internal static partial class ListInvoicesEndpoint
{
    private const int UsualLimit = 20;
    private const int MostLimit = 100;

    public static void MapListInvoices(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/invoices", HandleAsync).RequireAuthorization(Payers.Policy).AnswersWhenStripeIsAway();

    private static async Task<Results<Ok<InvoicesPage>, ValidationProblem>> HandleAsync(
        ClaimsPrincipal user,
        BillingDbContext db,
        StripeApi stripe,
        CancellationToken cancellationToken,
        int limit = UsualLimit,
        string? after = null
    )
    {
        if (limit is < 1 or > MostLimit)
            return Problems.Invalid("limit", $"Between 1 and {MostLimit}.");
        if (after is not null && !InvoiceId().IsMatch(after))
            return Problems.Invalid("after", "This is not what the page before said.");
        var tenant = user.TenantIdOf();
        var customer = await db
            .StripeRoutes.Where(route => route.TenantId == tenant)
            .Select(route => route.CustomerId)
            .SingleOrDefaultAsync(cancellationToken);
        if (customer is null)
            return TypedResults.Ok(new InvoicesPage([]));
        try
        {
            var (items, more) = await stripe.ListInvoicesAsync(customer, limit, after, cancellationToken);
            return TypedResults.Ok(new InvoicesPage(items, more ? items[^1].Id : null));
        }
        catch (StripeRefusedException)
        {
            return Problems.Invalid("after", "This is not what the page before said.");
        }
    }

    [GeneratedRegex("^in_[A-Za-z0-9]{1,200}$", RegexOptions.NonBacktracking)]
    private static partial Regex InvoiceId();
}

internal sealed record InvoicesPage(IReadOnlyList<StripeInvoice> Items, string? Next = null);
