using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// What may leave for Stripe, call by call and field by field; everything else is refused here, whoever wrote it. No name and no address of
/// a person is among them: Stripe asks the person itself, on its own page.
/// </summary>
internal sealed partial class StripeEgress(StripeSettings settings) : DelegatingHandler
{
    private static readonly string[] ListFields =
    [
        "customer",
        "status",
        "limit",
        "starting_after",
        "lookup_keys[]",
        "active",
        "created[gte]",
        "types[]",
    ];

    private static readonly string[] CheckoutFields =
    [
        "mode",
        "customer",
        "client_reference_id",
        "line_items[][price]",
        "line_items[][quantity]",
        "success_url",
        "cancel_url",
        "subscription_data[metadata][tenant_id]",
        "subscription_data[metadata][plan]",
    ];

    // The library describes the machine and counts its calls; neither is Stripe's business.
    private static readonly string[] Telemetry = ["X-Stripe-Client-User-Agent", "X-Stripe-Client-Telemetry"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var fields = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
        var query = request.RequestUri!.Query.TrimStart('?');
        Require(request.Method, request.RequestUri, [.. FieldsOf(fields), .. FieldsOf(query)]);
        foreach (var header in Telemetry)
            request.Headers.Remove(header);
        return await base.SendAsync(request, cancellationToken);
    }

    private void Require(HttpMethod method, Uri address, IReadOnlyList<string> fields)
    {
        if (address.GetLeftPart(UriPartial.Authority) != settings.Url.GetLeftPart(UriPartial.Authority))
            throw new InvalidOperationException("Nothing is sent to another address than Stripe's.");
        if (Allowed(method.Method, Id().Replace(address.AbsolutePath, "/{id}")) is not { } allowed)
            throw new InvalidOperationException($"{method} {Id().Replace(address.AbsolutePath, "/{id}")} is not declared.");
        if (fields.FirstOrDefault(field => !allowed.Contains(field, StringComparer.Ordinal)) is { } undeclared)
            throw new InvalidOperationException($"The field {undeclared} is not declared to go to Stripe.");
    }

    private static string[]? Allowed(string method, string path) =>
        (method, path) switch
        {
            ("POST", "/v1/customers") => ["metadata[tenant_id]"],
            ("POST", "/v1/checkout/sessions") => CheckoutFields,
            ("POST", "/v1/subscriptions/{id}") => ["cancel_at_period_end"],
            ("DELETE", "/v1/subscriptions/{id}") => [],
            ("GET", "/v1/checkout/sessions/{id}") => [],
            ("GET", "/v1/prices" or "/v1/subscriptions" or "/v1/invoices" or "/v1/events") => ListFields,
            _ => null,
        };

    private static IEnumerable<string> FieldsOf(string form) =>
        QueryHelpers.ParseQuery(form).Keys.Select(key => Index().Replace(key, "[]"));

    [GeneratedRegex(@"\[\d+\]", RegexOptions.NonBacktracking)]
    private static partial Regex Index();

    [GeneratedRegex("/(?:sub|cs)_[A-Za-z0-9_]+", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
