using System.Text.Json.Nodes;
using Stripe;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Products and prices. One of each is there from the start, as the operator would have made them in the dashboard.</summary>
internal sealed class Catalog(StripeAccount account)
{
    /// <summary>Lookup key of the price that is there from the start.</summary>
    public const string ProKey = "pro";

    private const long ProAmount = 149_000;

    public static IReadOnlyCollection<string> ProductPlayed { get; } = ["name", "description", "metadata", "active"];

    public static IReadOnlyCollection<string> PricePlayed { get; } =
    ["currency", "unit_amount", "product", "lookup_key", "recurring.interval", "metadata", "nickname", "transfer_lookup_key"];

    public static IReadOnlyCollection<string> PriceListPlayed { get; } = ["active", "lookup_keys", "product"];

    public static void Fill(StripeAccount account)
    {
        var product = NewProduct(account, "WpAsis Pro", []);
        account.Add(product);
        account.Add(NewPrice(account, product.Id, "try", ProAmount, "month", ProKey));
    }

    public JsonNode CreateProduct(StripeCall call)
    {
        var product = NewProduct(account, call.Required("name"), call.Metadata());
        product.Description = call.Text("description");
        account.Add(product);
        return JsonNode.Parse(product.ToJson())!;
    }

    public JsonNode GetProduct(StripeCall call) => JsonNode.Parse(account.Get<Product>(call.Id, "product").ToJson())!;

    public JsonNode CreatePrice(StripeCall call)
    {
        var product = account.Get<Product>(call.Required("product"), "product", "product", 400);
        var amount = call.Number("unit_amount") ?? throw StripeRefusal.Missing("unit_amount");
        var key = call.Text("lookup_key");
        if (key is not null && account.All<Price>().FirstOrDefault(price => price.LookupKey == key) is { } known)
        {
            if (call.Flag("transfer_lookup_key") is not true)
                throw StripeRefusal.Invalid($"A price (`{known.Id}`) already uses that lookup key.", "lookup_key");
            known.LookupKey = null;
        }
        var interval = call.Required("recurring.interval", "recurring[interval]");
        if (interval is not ("month" or "year"))
            throw StripeRefusal.NotPlayed("recurring[interval]");
        var price = NewPrice(account, product.Id, call.Required("currency"), amount, interval, key);
        price.Metadata = call.Metadata();
        price.Nickname = call.Text("nickname");
        account.Add(price);
        return JsonNode.Parse(price.ToJson())!;
    }

    public JsonNode GetPrice(StripeCall call) => JsonNode.Parse(account.Get<Price>(call.Id, "price").ToJson())!;

    public JsonNode ListPrices(StripeCall call)
    {
        var keys = call.Texts("lookup_keys");
        return call.Page(
            "/v1/prices",
            "price",
            account
                .All<Price>()
                .Where(price => keys.Count == 0 || keys.Contains(price.LookupKey, StringComparer.Ordinal))
                .Where(price => call.Flag("active") is not { } active || price.Active == active)
                .Where(price => call.Text("product") is not { } product || price.ProductId == product)
        );
    }

    private static Product NewProduct(StripeAccount account, string name, Dictionary<string, string> metadata) =>
        new()
        {
            Id = "prod_" + RandomIds.Alphanumeric(14),
            Object = "product",
            Active = true,
            Name = name,
            Created = account.Now,
            Updated = account.Now,
            Images = [],
            MarketingFeatures = [],
            Metadata = metadata,
            Type = "service",
        };

    private static Price NewPrice(StripeAccount account, string product, string currency, long amount, string interval, string? key) =>
        new()
        {
            Id = "price_1" + RandomIds.Alphanumeric(23),
            Object = "price",
            Active = true,
            BillingScheme = "per_unit",
            Created = account.Now,
            Currency = currency,
            LookupKey = key,
            Metadata = [],
            ProductId = product,
            Recurring = new PriceRecurring
            {
                Interval = interval,
                IntervalCount = 1,
                UsageType = "licensed",
            },
            TaxBehavior = "unspecified",
            Type = "recurring",
            UnitAmount = amount,
            UnitAmountDecimal = amount,
        };
}
