using System.Text.Json.Nodes;

namespace WpAsis.Sandbox.Stripe;

/// <summary>What happened, for those who missed it: thirty days of it.</summary>
internal sealed class Events(StripeAccount account, DeliverEvents deliver)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static IReadOnlyCollection<string> ListPlayed { get; } =
    ["type", "types", "created.gte", "created.gt", "created.lte", "created.lt", "delivery_success"];

    public JsonNode Get(StripeCall call) =>
        Living().FirstOrDefault(happened => happened.Id == call.Id) is { } found
            ? JsonNode.Parse(found.Body)!
            : throw StripeRefusal.NoSuch("event", call.Id);

    public JsonNode List(StripeCall call)
    {
        var types = call.Text("type") is { } type ? [type] : call.Texts("types");
        var wanted = Living()
            .Where(happened => types.Count == 0 || types.Contains(happened.Type, StringComparer.Ordinal))
            .Where(happened => call.Flag("delivery_success") is not { } success || happened.Delivered == success)
            .Where(happened => IsWithin(call, new DateTimeOffset(happened.Created).ToUnixTimeSeconds()))
            .Select(happened => (happened.Id, JsonNode.Parse(happened.Body)!));
        return call.Page("/v1/events", "event", [.. wanted]);
    }

    private IEnumerable<StripeEvent> Living() => deliver.All().Where(happened => happened.Created > account.Now - Kept);

    private static bool IsWithin(StripeCall call, long created) =>
        (call.Number("created.gte") is not { } from || created >= from)
        && (call.Number("created.gt") is not { } after || created > after)
        && (call.Number("created.lte") is not { } until || created <= until)
        && (call.Number("created.lt") is not { } before || created < before);
}
