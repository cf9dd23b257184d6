using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>Refuses what Meta refuses, in its order: product, addressee, callback data, then the type and its own limits.</summary>
internal static class CheckMessage
{
    private static readonly string[] MediaTypes = ["image", "audio", "video", "document", "sticker"];

    public static GraphError? Check(JsonElement body)
    {
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.Parameter("The parameter messaging_product is required and must be 'whatsapp'.");
        return Addressee(body) ?? CallbackData(body) ?? Content(body);
    }

    private static GraphError? Addressee(JsonElement body)
    {
        var to = body.Text("to");
        var recipient = body.Text("recipient");
        if ((to is null) == (recipient is null))
            return GraphError.Parameter("Exactly one of the parameters to and recipient is required.");
        if (recipient is not null)
            return People.IsUserId(recipient) ? null : GraphError.Parameter("Param recipient is not a business-scoped user ID.");
        if (People.IsUserId(to!))
            return GraphError.Parameter("Param to is a business-scoped user ID: use the parameter recipient.");
        var digits = People.Digits(to!);
        return digits.Length is < 5 or > 20 || to!.Any(char.IsAsciiLetter)
            ? GraphError.Parameter("Param to must be a valid WhatsApp phone number.")
            : null;
    }

    private static GraphError? CallbackData(JsonElement body) =>
        body.Get("biz_opaque_callback_data") is not { } data ? null
        : data.ValueKind != JsonValueKind.String ? GraphError.Parameter("Param biz_opaque_callback_data must be a string.")
        : Bounded(data.GetString(), 1, 512, "biz_opaque_callback_data");

    private static GraphError? Content(JsonElement body)
    {
        var type = body.Text("type") ?? "text";
        var part = body.Get(type) ?? default;
        return type switch
        {
            "text" => Bounded(part.Text("body"), 1, 4096, "text['body']"),
            "interactive" => CheckInteractive.Check(part),
            "template" => part.Text("name") is null || part.Get("language")?.Text("code") is null
                ? new GraphError(400, 131008, "Param template needs name and language.code.")
                : null,
            "reaction" => part.Text("message_id") is null ? new GraphError(400, 131008, "Param reaction needs message_id.") : null,
            "location" => part.Get("latitude") is null || part.Get("longitude") is null
                ? new GraphError(400, 131008, "Param location needs latitude and longitude.")
                : null,
            "contacts" => part.ValueKind != JsonValueKind.Array ? new GraphError(400, 131008, "Param contacts is required.") : null,
            _ when MediaTypes.Contains(type, StringComparer.Ordinal) => Media(part, type),
            _ => new GraphError(400, 100, $"Param type must be one of the message types; '{type}' is not.", 131009),
        };
    }

    private static GraphError? Media(JsonElement part, string type)
    {
        if ((part.Text("id") is null) == (part.Text("link") is null))
            return new GraphError(400, 131008, $"Param {type} needs exactly one of id and link.");
        return part.Text("caption") is { } caption ? Bounded(caption, 0, 1024, $"{type}['caption']") : null;
    }

    public static GraphError? Bounded(string? text, int least, int most, string name) =>
        text is null ? new GraphError(400, 100, $"The parameter {name} is required.")
        : text.Length < least ? GraphError.Parameter($"Param {name} must be at least {least} characters long.")
        : text.Length > most ? GraphError.Parameter($"Param {name} must be at most {most} characters long.")
        : null;
}
