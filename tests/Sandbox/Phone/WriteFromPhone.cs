using System.Text.Json;
using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Phone;

/// <summary>The person on the phone page writes, or sends one of the prepared things.</summary>
internal sealed class WriteFromPhone(Chats chats, MediaStore media, ReceiveFromContact receive)
{
    private const int LongestText = 4096;

    private static readonly JsonElement Location = JsonSerializer.SerializeToElement(
        new
        {
            latitude = 41.0256,
            longitude = 28.9744,
            name = "Galata Kulesi",
            address = "Bereketzade, Beyoğlu/İstanbul",
        }
    );

    public async Task<IResult> HandleAsync(string key, WriteRequest request)
    {
        if (chats.Find(key) is not { } chat)
            return Results.NotFound();
        var message = new InboundRequest
        {
            PhoneNumberId = chat.PhoneNumberId,
            From = chat.Person.WaId,
            UserId = chat.Person.UserId,
        };
        message = request.Kind switch
        {
            "text" when request.Text is { Length: > 0 and <= LongestText } text => message with { Text = text },
            "location" => message with { Type = "location", Payload = Location },
            "image" or "sticker" => message with { Type = request.Kind },
            "voice" => message with { Type = "audio" },
            "reply" when request.Text is { Length: > 0 and <= 256 } title => message with
            {
                Type = "interactive",
                Payload = JsonSerializer.SerializeToElement(
                    new { type = "button_reply", button_reply = new { id = request.ReplyId ?? title, title } }
                ),
                Extra = JsonSerializer.SerializeToElement(new { context = new { id = request.ContextId } }),
            },
            _ => null!,
        };
        if (message is null)
            return Results.Problem("bad-message", statusCode: 400);
        var (result, problem) = await receive.ReceiveAsync(message);
        return result is null ? Results.Problem(problem, statusCode: 400) : Results.Json(new { id = result.Wamid, result.Status });
    }

    /// <summary>The page shows what it sent.</summary>
    public IResult Media(string id) => media.Find(id) is { } file ? Results.Bytes(file.Bytes, file.MimeType) : Results.NotFound();
}

/// <summary>Kind: text, location, image, sticker, voice, or reply (a tapped button).</summary>
internal sealed record WriteRequest(string? Kind, string? Text, string? ReplyId, string? ContextId);
