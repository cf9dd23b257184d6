using System.Globalization;
using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Phone;

/// <summary>
/// "What was stored?": the gateway's own rows, fetched with the demonstration account. The log holds no wamid and no number, so the row of
/// a bubble is the one of its direction that is nearest in time; its thread's rows are shown.
/// </summary>
internal sealed class ShowStored(Chats chats, GatewayAccount account)
{
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(2);

    public async Task<IResult> HandleAsync(HttpContext context, string key, string id)
    {
        if (chats.Find(key) is not { } chat || chat.Bubbles().FirstOrDefault(bubble => bubble.Id == id) is not { } bubble)
            return Results.NotFound();
        try
        {
            var answer = await account.ListMessagesAsync($"https://{context.Request.Host}", context.RequestAborted);
            var rows = answer.Items("items").ToList();
            var match = rows.Where(row => SameDirection(row, bubble))
                .Select(row => (Row: row, Distance: Distance(row, bubble)))
                .Where(found => found.Distance <= Near)
                .OrderBy(found => found.Distance)
                .Select(found => (JsonElement?)found.Row)
                .FirstOrDefault();
            var thread = match?.Text("threadId");
            return Results.Json(
                new
                {
                    ok = true,
                    match = match?.Text("id"),
                    rows = rows.Where(row => thread is null || row.Text("threadId") == thread).Take(20),
                }
            );
        }
        catch (SignInException problem)
        {
            return Results.Json(
                new
                {
                    ok = false,
                    text = problem.TextKey,
                    detail = problem.Message,
                }
            );
        }
    }

    private static bool SameDirection(JsonElement row, Bubble bubble) =>
        row.Text("direction") is not { } direction || direction.StartsWith("in", StringComparison.OrdinalIgnoreCase) == bubble.Mine;

    private static TimeSpan Distance(JsonElement row, Bubble bubble) =>
        DateTimeOffset.TryParse(row.Text("sentAt") ?? row.Text("receivedAt"), CultureInfo.InvariantCulture, out var at)
            ? (at - bubble.At).Duration()
            : TimeSpan.MaxValue;
}
