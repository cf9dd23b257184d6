using System.Text.Json.Nodes;
using Stripe;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Customers.</summary>
internal sealed class Customers(StripeAccount account, Subscriptions subscriptions)
{
    public static IReadOnlyCollection<string> Played { get; } = ["email", "name", "description", "metadata"];

    public static IReadOnlyCollection<string> ListPlayed { get; } = ["email"];

    public JsonNode Create(StripeCall call)
    {
        var customer = new Customer
        {
            Id = "cus_" + RandomIds.Alphanumeric(14),
            Object = "customer",
            Created = account.Now,
            Discount = null,
            InvoicePrefix = RandomIds.Alphanumeric(8).ToUpperInvariant(),
            InvoiceSettings = new CustomerInvoiceSettings(),
            PreferredLocales = [],
            TaxExempt = "none",
        };
        Apply(customer, call);
        account.Add(customer);
        account.Emit("customer.created", customer, call);
        return JsonNode.Parse(customer.ToJson())!;
    }

    public JsonNode Get(StripeCall call)
    {
        var customer = account.Get<Customer>(call.Id, "customer");
        return customer.Deleted is true ? DeletedOf(customer) : JsonNode.Parse(customer.ToJson())!;
    }

    public JsonNode Update(StripeCall call)
    {
        var customer = Living(call.Id);
        Apply(customer, call);
        account.Emit("customer.updated", customer, call);
        return JsonNode.Parse(customer.ToJson())!;
    }

    /// <summary>For ever: subscriptions end at once.</summary>
    public JsonNode Delete(StripeCall call)
    {
        var customer = Living(call.Id);
        foreach (var subscription in account.All<Subscription>().Where(item => item.CustomerId == customer.Id && Subscriptions.Lives(item)))
            subscriptions.End(subscription, "cancellation_requested", call);
        customer.Deleted = true;
        account.Emit("customer.deleted", customer, call);
        return DeletedOf(customer);
    }

    public JsonNode List(StripeCall call) =>
        call.Page(
            "/v1/customers",
            "customer",
            account
                .All<Customer>()
                .Where(customer => customer.Deleted is not true)
                .Where(customer => call.Text("email") is not { } email || customer.Email == email)
        );

    private Customer Living(string id) =>
        account.Get<Customer>(id, "customer") is { Deleted: not true } customer ? customer : throw StripeRefusal.NoSuch("customer", id);

    private static void Apply(Customer customer, StripeCall call)
    {
        customer.Email = call.Has("email") ? call.Text("email") : customer.Email;
        customer.Name = call.Has("name") ? call.Text("name") : customer.Name;
        customer.Description = call.Has("description") ? call.Text("description") : customer.Description;
        customer.Metadata = call.Metadata(customer.Metadata);
    }

    private static JsonObject DeletedOf(Customer customer) =>
        new()
        {
            ["id"] = customer.Id,
            ["object"] = "customer",
            ["deleted"] = true,
        };
}
