using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Phone;

namespace WpAsis.Sandbox.Webhooks;

/// <summary>A WhatsApp user writes: makes the webhook, shows the bubble, opens the window and delivers.</summary>
internal sealed class ReceiveFromContact(
    BusinessNumbers numbers,
    People people,
    Chats chats,
    MediaStore media,
    DeliverWebhook deliver,
    TimeProvider clock
)
{
    public const int MostAtOnce = 5000;

    /// <summary>Answers the wamids and the status of the first delivery attempt, or a sentence that says what is wrong.</summary>
    public async Task<(InboundResult? Result, string? Problem)> ReceiveAsync(InboundRequest request)
    {
        if (numbers.Find(request.PhoneNumberId ?? "") is not { } number)
            return (null, "phoneNumberId is not registered: POST /_sandbox/graph/numbers");
        if (request.From is null && request.UserId is null)
            return (null, "from or userId is missing");
        if (request.UserId is not null && !People.IsUserId(request.UserId))
            return (null, "userId has not the shape of a business-scoped user id");
        if (request.MediaBase64 is { } file && !Convert.TryFromBase64String(file, new byte[file.Length], out _))
            return (null, "mediaBase64 is not base64");
        if (request.Count is < 1 or > MostAtOnce)
            return (null, $"count is 1 to {MostAtOnce}");
        var person = people.Learn(request.From, request.UserId, request.ProfileName, request.Username);
        var chat = chats.Get(number.PhoneNumberId, person);
        var messages = new JsonArray();
        var bubbles = new List<Bubble>();
        for (var i = 1; i <= (request.Count ?? 1); i++)
        {
            var message = Message(request, person, i, out var bubble);
            messages.Add(message);
            bubbles.Add(bubble);
        }
        chat.LastInboundAt = clock.GetUtcNow();
        foreach (var bubble in bubbles)
            chats.AddInbound(chat, bubble);
        var body = WebhookPayload.Inbound(number, request.Type == "system" ? null : person, messages);
        var status = await deliver.DeliverAsync(
            body,
            attempt =>
                bubbles.ForEach(bubble => chat.Tick(bubble, attempt is >= 200 and < 300 ? BubbleState.Delivered : BubbleState.Retrying))
        );
        var wamids = bubbles.ConvertAll(bubble => bubble.Id);
        return (new InboundResult(wamids[0], request.Count is null ? null : wamids, status), null);
    }

    private JsonObject Message(InboundRequest request, Person person, int ordinal, out Bubble bubble)
    {
        var type = request.Type ?? "text";
        var now = clock.GetUtcNow();
        var wamid = Wamids.Make(person.Key, inbound: true);
        var message = new JsonObject();
        if (person.WaId is not null)
            message["from"] = person.WaId;
        message["from_user_id"] = person.UserId;
        message["id"] = wamid;
        message["timestamp"] = request.Timestamp ?? WebhookPayload.Seconds(now);
        message["type"] = type;
        var text = request.Text?.Replace(
            "{i}",
            ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
        MediaFile? file = null;
        if (type == "text" && request.Payload is null)
            message["text"] = new JsonObject { ["body"] = text ?? "" };
        else
            message[type] = Payload(request, type, text, out file);
        if (request.Extra is { ValueKind: JsonValueKind.Object } extra)
        {
            foreach (var property in extra.EnumerateObject())
                message[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }
        bubble = new Bubble(wamid, Mine: true, type, text, now) { MediaId = file?.Id, Payload = request.Payload };
        return message;
    }

    private JsonNode? Payload(InboundRequest request, string type, string? text, out MediaFile? file)
    {
        var payload = request.Payload is { } given ? JsonNode.Parse(given.GetRawText()) : new JsonObject();
        file = null;
        if (!MediaStore.IsMedia(type) || payload is not JsonObject fields || fields.ContainsKey("id"))
            return payload;
        file = media.Make(type, fields["mime_type"]?.GetValue<string>(), request.MediaBase64);
        if (text is not null)
            fields["caption"] = text;
        fields["mime_type"] = file.MimeType;
        fields["sha256"] = file.Sha256Base64;
        fields["id"] = file.Id;
        if (type == "sticker" && !fields.ContainsKey("animated"))
            fields["animated"] = false;
        if (type == "audio" && !fields.ContainsKey("voice"))
            fields["voice"] = true;
        if (type == "document" && !fields.ContainsKey("filename"))
            fields["filename"] = "sandbox.txt";
        return fields;
    }
}

/// <summary>What a contact sends. <c>Count</c> asks for several in one webhook; <c>{i}</c> in the text is their ordinal.</summary>
internal sealed record InboundRequest
{
    public string? PhoneNumberId { get; init; }

    public string? From { get; init; }

    public string? UserId { get; init; }

    public string? ProfileName { get; init; }

    public string? Username { get; init; }

    public string? Text { get; init; }

    public string? Type { get; init; }

    /// <summary>Goes below the key of the type as it is; media without an <c>id</c> get a generated file.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Further fields of the message (<c>context</c>, <c>referral</c> and so on).</summary>
    public JsonElement? Extra { get; init; }

    public string? MediaBase64 { get; init; }

    public string? Timestamp { get; init; }

    public int? Count { get; init; }
}

/// <summary>Status is the gateway's answer to the first attempt (0: none); the sandbox goes on until 2xx.</summary>
internal sealed record InboundResult(string Wamid, IReadOnlyList<string>? Wamids, int Status);
