using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WpAsis.Benchmarks.Load;

/// <summary>
/// Webhooks as Meta sends them: one distinct text message per POST, ASCII-escaped, signed over the raw bytes. A request is written once per
/// connection and then only filled in: number, message id, time and signature.
/// </summary>
internal sealed class WebhookMaker(string phoneNumberId, string wabaId, byte[] appSecret, int contacts, TimeProvider clock)
{
    private const int HashBytes = 32;

    // In the prepared text they stand for what is filled in: of the same length, and nowhere else.
    private const string Contact = "905550000000";
    private const string Id = "905550000000:000000000000";
    private const string Time = "1700000000";
    private const string Signature = "0000000000000000000000000000000000000000000000000000000000000000";
    private static readonly string Wamid = Convert.ToBase64String(Encoding.ASCII.GetBytes(Id));
    private long _next;

    /// <summary>A whole HTTP/1.1 request, to be filled in.</summary>
    public PreparedRequest NewRequest(Uri target)
    {
        var value = $$"""
            {"messaging_product":"whatsapp","metadata":{"display_phone_number":"905550001122","phone_number_id":"{{phoneNumberId}}"},
            "contacts":[{"profile":{"name":"Ay\u015fe \u00c7elik"},"wa_id":"{{Contact}}"}],
            "messages":[{"from":"{{Contact}}","id":"wamid.{{Wamid}}",
            "timestamp":"{{Time}}","text":{"body":"{{Contact}} a\u00e7\u0131k m\u0131s\u0131n\u0131z?"},"type":"text"}]}
            """;
        var entry = $$$"""{"id":"{{{wabaId}}}","changes":[{"value":{{{value}}},"field":"messages"}]}""";
        var body = $$$"""{"object":"whatsapp_business_account","entry":[{{{entry}}}]}""".ReplaceLineEndings("");
        var head =
            $"POST {target.AbsolutePath} HTTP/1.1\r\nHost: {target.Authority}\r\nContent-Type: application/json\r\n"
            + $"X-Hub-Signature-256: sha256={Signature}\r\nContent-Length: {body.Length}\r\n\r\n";
        var text = head + body;
        return new PreparedRequest(
            Encoding.ASCII.GetBytes(text),
            head.Length,
            [.. PlacesOf(text, Contact)],
            PlacesOf(text, Wamid).Single(),
            PlacesOf(text, Time).Single(),
            PlacesOf(text, Signature).Single()
        );
    }

    /// <summary>Makes it the next message.</summary>
    public void Fill(PreparedRequest request)
    {
        var number = Interlocked.Increment(ref _next);
        Span<byte> id = stackalloc byte[Id.Length];
        Encoding.ASCII.GetBytes(Id, id);
        Write(id[..Contact.Length], 905_550_000_000 + (number % contacts));
        Write(id[(Contact.Length + 1)..], number);
        var bytes = request.Bytes.AsSpan();
        foreach (var place in request.Contacts)
            id[..Contact.Length].CopyTo(bytes[place..]);
        Base64.EncodeToUtf8(id, bytes[request.Wamid..], out _, out _);
        Write(bytes.Slice(request.Time, Time.Length), clock.GetUtcNow().ToUnixTimeSeconds());

        Span<byte> hash = stackalloc byte[HashBytes];
        HMACSHA256.HashData(appSecret, bytes[request.Body..], hash);
        Convert.TryToHexStringLower(hash, bytes.Slice(request.Signature, 2 * HashBytes), out _);
    }

    // From the right, with leading zeros.
    private static void Write(Span<byte> place, long number)
    {
        for (var at = place.Length - 1; at >= 0; at--, number /= 10)
            place[at] = (byte)('0' + (number % 10));
    }

    private static IEnumerable<int> PlacesOf(string text, string part)
    {
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
            yield return at;
    }
}

/// <summary>A request's bytes and the places in them that change.</summary>
internal sealed record PreparedRequest(byte[] Bytes, int Body, int[] Contacts, int Wamid, int Time, int Signature);
