using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Intake;

/// <summary>Posts webhooks of the test's own making to the gateway, over TLS and signed, as Meta does.</summary>
internal sealed class Meta(RunningSystem system)
{
    private static int _made;

    /// <summary>Posts; any answer is an answer.</summary>
    public async Task<HttpStatusCode> PostAsync(byte[] body, string? signature = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, system.Run.Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        // Who is refused before the body is read is told so only when it did not send the body first.
        request.Headers.ExpectContinue = true;
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature ?? Sign(body, system.Run.Demo.AppSecret));
        using var response = await system.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public Task<HttpStatusCode> PostAsync(JsonNode body) => PostAsync(Encoding.UTF8.GetBytes(body.ToJsonString()));

    /// <summary>Posts one message of a contact.</summary>
    public Task<HttpStatusCode> PostAsync(Business business, JsonObject message) => PostAsync(Body(Entry(business, message)));

    public static string Sign(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>One POST of any number of entries.</summary>
    public static JsonObject Body(params JsonNode[] entries) =>
        new() { ["object"] = "whatsapp_business_account", ["entry"] = new JsonArray(entries) };

    /// <summary>Messages to one business.</summary>
    public static JsonObject Entry(Business business, params JsonNode[] messages) =>
        new()
        {
            ["id"] = business.WabaId,
            ["changes"] = new JsonArray(
                new JsonObject
                {
                    ["field"] = "messages",
                    ["value"] = new JsonObject
                    {
                        ["messaging_product"] = "whatsapp",
                        ["metadata"] = new JsonObject { ["phone_number_id"] = business.PhoneNumberId },
                        ["messages"] = new JsonArray(messages),
                    },
                }
            ),
        };

    /// <summary>A message of any type.</summary>
    public JsonObject Message(string from, string type, JsonNode part)
    {
        system.Secrets.Add("contact", from);
        var wamid = "wamid." + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{from}:{Interlocked.Increment(ref _made):D8}"));
        system.Secrets.Add("wamid", wamid);
        return new()
        {
            ["from"] = from,
            ["id"] = wamid,
            // Of nobody's time: then the time of arrival counts, whatever the clock of the system says.
            ["timestamp"] = "0",
            ["type"] = type,
            [type] = part,
        };
    }

    public JsonObject Text(string from, string text)
    {
        system.Secrets.Add("text", text);
        return Message(from, "text", new JsonObject { ["body"] = text });
    }

    public JsonObject Location(string from) =>
        Message(from, "location", new JsonObject { ["latitude"] = 41.0256, ["longitude"] = 28.9744 });

    /// <summary>A number that no contact has yet.</summary>
    public static string NewContact() => "90557" + Interlocked.Increment(ref _made).ToString("0000000", CultureInfo.InvariantCulture);
}
