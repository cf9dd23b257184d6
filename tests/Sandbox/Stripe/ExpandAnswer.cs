using System.Text.Json.Nodes;

namespace WpAsis.Sandbox.Stripe;

/// <summary>Puts objects where their ids stand: <c>expand[]=data.latest_invoice</c>.</summary>
internal static class ExpandAnswer
{
    private const int Deepest = 4;

    public static JsonNode Run(JsonNode answer, IReadOnlyList<string> paths, StripeAccount account)
    {
        foreach (var path in paths)
        {
            var names = path.Split('.');
            if (names.Length > Deepest)
                throw StripeRefusal.Invalid($"You cannot expand more than {Deepest} levels of a property. ({path})", "expand");
            Expand(answer, names, path, account);
        }
        return answer;
    }

    private static void Expand(JsonNode? node, ReadOnlySpan<string> names, string path, StripeAccount account)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Expand(item, names, path, account);
            return;
        }
        if (names.IsEmpty || node is not JsonObject parent)
            return;
        if (!parent.TryGetPropertyValue(names[0], out var child))
            throw StripeRefusal.Invalid($"This property cannot be expanded ({path}).", "expand");
        if (child is JsonValue value && value.TryGetValue<string>(out var id))
        {
            if (account.FindJson(id) is not { } found)
                throw StripeRefusal.Invalid($"This property cannot be expanded ({path}).", "expand");
            parent[names[0]] = child = found;
        }
        Expand(child, names[1..], path, account);
    }
}
