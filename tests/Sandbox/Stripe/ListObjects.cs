using System.Text.Json.Nodes;
using Stripe;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Pages as Stripe cuts them: newest first, ten by default, a hundred at most, from an id on.</summary>
internal static class ListObjects
{
    private const int Usual = 10;
    private const int Most = 100;

    public static JsonNode Page<T>(this StripeCall call, string url, string what, IEnumerable<T> all)
        where T : StripeEntity, IHasId => Page(call, url, what, [.. all.Select(item => (item.Id, JsonNode.Parse(item.ToJson())!))]);

    public static JsonNode Page(this StripeCall call, string url, string what, IReadOnlyList<(string Id, JsonNode Json)> all)
    {
        var limit = call.Number("limit") ?? Usual;
        if (limit is < 1 or > Most)
            throw StripeRefusal.Invalid("This value must be between 1 and 100.", "limit", "parameter_invalid_integer");
        var (items, more) = Cut(call, what, all, (int)limit);
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. items.Select(item => item.Json)]),
            ["has_more"] = more,
            ["url"] = url,
        };
    }

    private static (IEnumerable<(string Id, JsonNode Json)> Items, bool More) Cut(
        StripeCall call,
        string what,
        IReadOnlyList<(string Id, JsonNode Json)> all,
        int limit
    )
    {
        if (call.Text("ending_before") is { } before)
        {
            var until = Place(all, before, what, "ending_before");
            return (all.Take(until).Skip(Math.Max(0, until - limit)), until > limit);
        }
        var from = call.Text("starting_after") is { } after ? Place(all, after, what, "starting_after") + 1 : 0;
        return (all.Skip(from).Take(limit), all.Count > from + limit);
    }

    private static int Place(IReadOnlyList<(string Id, JsonNode Json)> all, string id, string what, string param)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Id == id)
                return i;
        }
        throw StripeRefusal.NoSuch(what, id, param, 400);
    }
}
