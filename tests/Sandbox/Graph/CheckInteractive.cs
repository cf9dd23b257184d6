using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>Limits of buttons, lists and links.</summary>
internal static class CheckInteractive
{
    public static GraphError? Check(JsonElement part)
    {
        var action = part.Get("action") ?? default;
        return CheckMessage.Bounded(part.Get("body")?.Text("text"), 1, 1024, "interactive['body']['text']")
            ?? Optional(part.Get("footer")?.Text("text"), 60, "interactive['footer']['text']")
            ?? Optional(part.Get("header")?.Text("text"), 60, "interactive['header']['text']")
            ?? part.Text("type") switch
            {
                "button" => Buttons(action),
                "list" => List(action),
                "cta_url" => CheckMessage.Bounded(action.Get("parameters")?.Text("display_text"), 1, 20, "display_text"),
                "location_request_message" or "flow" or "product" or "product_list" => null,
                _ => new GraphError(400, 100, "Param interactive['type'] is not valid.", 131009),
            };
    }

    private static GraphError? Buttons(JsonElement action)
    {
        var buttons = action.Items("buttons").ToList();
        if (buttons.Count is < 1 or > 3)
            return new GraphError(400, 131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3");
        foreach (var button in buttons)
        {
            var reply = button.Get("reply") ?? default;
            var problem =
                CheckMessage.Bounded(reply.Text("title"), 1, 20, "buttons['reply']['title']")
                ?? CheckMessage.Bounded(reply.Text("id"), 1, 256, "buttons['reply']['id']");
            if (problem is not null)
                return problem;
        }
        return
            Distinct(buttons.Select(button => button.Get("reply")?.Text("title")))
            && Distinct(buttons.Select(button => button.Get("reply")?.Text("id")))
            ? null
            : new GraphError(400, 131009, "Duplicated title or id of buttons.");
    }

    private static GraphError? List(JsonElement action)
    {
        var rows = action.Items("sections").SelectMany(section => section.Items("rows")).ToList();
        if (rows.Count is < 1 or > 10)
            return new GraphError(400, 131009, "Total row count must be 1 to 10.");
        foreach (var row in rows)
        {
            var problem =
                CheckMessage.Bounded(row.Text("title"), 1, 24, "rows['title']")
                ?? CheckMessage.Bounded(row.Text("id"), 1, 200, "rows['id']")
                ?? Optional(row.Text("description"), 72, "rows['description']");
            if (problem is not null)
                return problem;
        }
        return Distinct(rows.Select(row => row.Text("id")))
            ? CheckMessage.Bounded(action.Text("button"), 1, 20, "action['button']")
            : new GraphError(400, 131009, "Duplicated id of rows.");
    }

    private static GraphError? Optional(string? text, int most, string name) =>
        text is null ? null : CheckMessage.Bounded(text, 0, most, name);

    private static bool Distinct(IEnumerable<string?> texts)
    {
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        return texts.All(seen.Add);
    }
}
