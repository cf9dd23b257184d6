namespace WpAsis.Billing.Invoices;

/// <summary>Invoices. They are Stripe's; we only show them.</summary>
internal static class InvoicesFeature
{
    public static void MapInvoices(this IEndpointRouteBuilder routes) => routes.MapListInvoices();
}
