using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.Benchmarks.Load;

/// <summary>Webhooks as Meta sends them: one distinct text message per POST, ASCII-escaped, signed over the raw bytes.</summary>
internal sealed class WebhookMaker(string phoneNumberId, string wabaId, byte[] appSecret, int contacts)
{
    private long _next;

    public long Made => Interlocked.Read(ref _next);

    /// <summary>A whole HTTP/1.1 request.</summary>
    public byte[] Next(string host, string path)
    {
        var number = Interlocked.Increment(ref _next);
        var contact = 905_550_000_000 + (number % contacts);
        var id = string.Create(CultureInfo.InvariantCulture, $"{contact}:{number:D12}");
        var wamid = "wamid." + Convert.ToBase64String(Encoding.ASCII.GetBytes(id));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var value = $$"""
            {"messaging_product":"whatsapp","metadata":{"display_phone_number":"905550001122","phone_number_id":"{{phoneNumberId}}"},
            "contacts":[{"profile":{"name":"Ay\u015fe \u00c7elik"},"wa_id":"{{contact}}"}],
            "messages":[{"from":"{{contact}}","id":"{{wamid}}",
            "timestamp":"{{now}}","text":{"body":"{{contact}} a\u00e7\u0131k m\u0131s\u0131n\u0131z?"},"type":"text"}]}
            """;
        var entry = $$$"""{"id":"{{{wabaId}}}","changes":[{"value":{{{value}}},"field":"messages"}]}""";
        var text = $$$"""{"object":"whatsapp_business_account","entry":[{{{entry}}}]}""";
        var body = Encoding.ASCII.GetBytes(text.ReplaceLineEndings(""));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(appSecret, body));
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                + $"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {body.Length}\r\n\r\n"
        );
        return [.. head, .. body];
    }
}
