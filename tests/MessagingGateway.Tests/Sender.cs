using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.MessagingGateway.Tests;

/// <summary>Posts webhooks as Meta does.</summary>
internal sealed class Sender(HttpClient client, TimeProvider clock)
{
    public const string Path = "/webhooks/whatsapp";
    private static int _made;

    public HttpClient Client { get; } = client;

    public static string Sign(byte[] body, string secret = GatewayApplication.AppSecret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public Task<HttpResponseMessage> PostAsync(string body, string? signature = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), signature ?? Sign(Encoding.UTF8.GetBytes(body)));

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
        return await Client.SendAsync(request, GatewayApplication.Stop);
    }

    /// <summary>Posts, and demands that it is taken.</summary>
    public async Task SendAsync(string body)
    {
        using var response = await PostAsync(body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public Task SendAsync(TestChannel channel, params string[] messages) => SendAsync(Body(channel, Value(channel, messages)));

    public static string NewWamid()
    {
        var number = Interlocked.Increment(ref _made).ToString("D10", CultureInfo.InvariantCulture);
        return "wamid." + Convert.ToBase64String(Encoding.ASCII.GetBytes("905550000000:" + number));
    }

    public string Seconds(TimeSpan ago = default) => (clock.GetUtcNow() - ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A text; <paramref name="more"/> are further members with a comma before them.</summary>
    public string Text(string from, string text, string? wamid = null, TimeSpan ago = default, string more = "") =>
        "{" + $"\"from\":\"{from}\",{Head(wamid, ago)},\"type\":\"text\",\"text\":{{\"body\":{Quote(text)}}}{more}" + "}";

    /// <summary>A message of any type: <paramref name="who"/> and <paramref name="part"/> are members.</summary>
    public string Message(string who, string type, string part, string? wamid = null) =>
        "{" + $"{who},{Head(wamid, default)},\"type\":\"{type}\"{(part.Length == 0 ? "" : "," + part)}" + "}";

    public string Status(string wamid, string status, string? ourId = null, string more = "", TimeSpan ago = default)
    {
        var ours = ourId is null ? "" : $",\"biz_opaque_callback_data\":\"{ourId}\"";
        return "{" + $"{Head(wamid, ago)},\"status\":\"{status}\",\"recipient_id\":\"905550000001\"{ours}{more}" + "}";
    }

    public static string Contact(string members, string? name = null) =>
        "{" + $"{members},\"profile\":{{\"name\":{Quote(name ?? "Ayşe")}}}" + "}";

    public static string Value(TestChannel channel, string[] messages, string? contacts = null) =>
        Value(channel, "messages", $"[{string.Join(',', messages)}]", contacts);

    public static string Value(TestChannel channel, string member, string json, string? contacts = null)
    {
        var people = contacts is null ? "" : $",\"contacts\":[{contacts}]";
        var metadata = $"\"metadata\":{{\"display_phone_number\":\"1\",\"phone_number_id\":\"{channel.PhoneNumberId}\"}}";
        return "{" + $"\"messaging_product\":\"whatsapp\",{metadata}{people},\"{member}\":{json}" + "}";
    }

    public static string Body(TestChannel channel, string value, string field = "messages") => Body(Entry(channel, value, field));

    public static string Body(params string[] entries) =>
        "{\"object\":\"whatsapp_business_account\",\"entry\":[" + string.Join(',', entries) + "]}";

    public static string Entry(TestChannel channel, string value, string field = "messages") =>
        "{" + $"\"id\":\"{channel.WabaId}\",\"changes\":[{{\"value\":{value},\"field\":\"{field}\"}}]" + "}";

    private string Head(string? wamid, TimeSpan ago) => $"\"id\":\"{wamid ?? NewWamid()}\",\"timestamp\":\"{Seconds(ago)}\"";

    public static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
