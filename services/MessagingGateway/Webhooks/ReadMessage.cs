using System.Text.Json;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Reads one message. Its identity is its own sender, never the one beside it.</summary>
internal static class ReadMessage
{
    private const int LongestKeyWord = 64;

    // Below this the sealed form cannot be too long whatever is in it.
    private const int SurelyFits = SealedContent.MaxBytes / 4;

    /// <summary>A contact's message; null with a reason when it lacks what no message can lack.</summary>
    public static IncomingMessage? Read(IncomingValue value, JsonElement raw, List<ContactNames> profiles, out string reason)
    {
        // Who changed their number or user id writes under the old one; the new one stands in the message.
        var change = raw.Text("type") == "system" ? raw.Object("system") : null;
        var who = ContactNames.Of(
            raw.Text("from"),
            change?.Text("previous_user_id") ?? raw.Text("from_user_id"),
            change?.Text("previous_parent_user_id") ?? raw.Text("from_parent_user_id")
        );
        return Read(value, raw, change is null ? who.WithProfile(profiles) : who, isEcho: false, out reason);
    }

    /// <summary>What the business typed on its phone: the contact is whom it names itself as receiver.</summary>
    public static IncomingMessage? ReadEcho(IncomingValue value, JsonElement raw, List<ContactNames> profiles, out string reason)
    {
        var who = ContactNames.Of(raw.Text("to"), raw.Text("to_user_id"), raw.Text("to_parent_user_id"));
        return Read(value, raw, who.IsEmpty ? who : who.WithProfile(profiles), isEcho: true, out reason);
    }

    private static IncomingMessage? Read(IncomingValue value, JsonElement raw, ContactNames who, bool isEcho, out string reason)
    {
        reason = "";
        if (!Wamid.TryParse(raw.Text("id"), out var wamid))
            reason = "no-id";
        else if (raw.Text("type") is not { Length: <= 64 })
            reason = "no-type";
        else if (who.IsEmpty)
            reason = "no-identity";
        else if (raw.Length() > SurelyFits && MessageContent.Write(raw, quoted: null)?.Length > SealedContent.MaxBytes)
            reason = "too-large";
        if (reason.Length > 0)
            return null;

        var type = raw.Text("type")!;
        var isGroup = raw.Member("group_id") is not null;
        var kind = KindOf(type, raw);
        var (sentAt, usable) = MessageTime.Of(raw.Text("timestamp"), value.ArrivedAt);
        return new IncomingMessage(value, raw)
        {
            Wamid = wamid,
            Who = who,
            Kind = isGroup ? "Group" : kind?.ToString() ?? LoggedOnly(type),
            Published = isGroup ? null : kind,
            SentAt = sentAt,
            SentAtUsable = usable,
            IsEcho = isEcho,
            OpensWindow = !isEcho && !isGroup && type is not ("edit" or "revoke" or "system"),
            HasReferral = raw.Object("referral") is not null,
            Concerns = Original(raw, type),
            Quotes = Wamid.TryParse(raw.Object("context")?.Text("id"), out var quoted) ? quoted : null,
            KeyWord = isEcho || isGroup ? null : FindKeyWord(type, raw, who),
            Becomes = type == "system" ? NewNames(raw.Object("system")) : null,
            Media = ReadMedia(kind, raw),
        };
    }

    // A kind without its own part says nothing that could be answered.
    private static MessageKind? KindOf(string type, JsonElement raw) =>
        type switch
        {
            "text" => raw.Object("text")?.Text("body") is null ? null : MessageKind.Text,
            "button" => raw.Object("button") is null ? null : MessageKind.Button,
            "interactive" => MessageContent.IsReply(raw.Object("interactive")) ? MessageKind.Interactive : null,
            "image" => Media(raw, type, MessageKind.Image),
            "audio" => Media(raw, type, MessageKind.Audio),
            "video" => Media(raw, type, MessageKind.Video),
            "document" => Media(raw, type, MessageKind.Document),
            "sticker" => Media(raw, type, MessageKind.Sticker),
            "location" => raw.Object("location") is null ? null : MessageKind.Location,
            "contacts" => raw.List("contacts").Any() ? MessageKind.Contacts : null,
            "order" => raw.Object("order") is null ? null : MessageKind.Order,
            "edit" => Original(raw, type) is null ? null : MessageKind.Edit,
            "revoke" => Original(raw, type) is null ? null : MessageKind.Revoke,
            _ => null,
        };

    private static MessageKind? Media(JsonElement raw, string type, MessageKind kind) => raw.Object(type)?.Text("id") is null ? null : kind;

    private static string LoggedOnly(string type) =>
        type switch
        {
            "reaction" => "Reaction",
            "system" => "System",
            "interactive" => "Interactive",
            "request_welcome" => "Welcome",
            _ => "Unsupported",
        };

    private static Wamid? Original(JsonElement raw, string type) =>
        type is "edit" or "revoke" && Wamid.TryParse(raw.Object(type)?.Text("original_message_id"), out var wamid) ? wamid : null;

    private static KeyWord? FindKeyWord(string type, JsonElement raw, ContactNames who) =>
        type == "text" && raw.Object("text")?.Text("body") is { Length: <= LongestKeyWord } text ? KeyWords.Find(text, who.WaId) : null;

    private static ContactNames? NewNames(JsonElement? system)
    {
        if (system is not { } change || change.Text("type") is not ("user_changed_number" or "user_changed_user_id"))
            return null;
        var after = ContactNames.Of(
            change.Text("wa_id") ?? change.Text("new_wa_id"),
            change.Text("user_id"),
            change.Text("parent_user_id")
        );
        return after.IsEmpty ? null : after;
    }

    private static IncomingMedia? ReadMedia(MessageKind? kind, JsonElement raw)
    {
        if (kind is not (MessageKind.Image or MessageKind.Audio or MessageKind.Video or MessageKind.Document or MessageKind.Sticker))
            return null;
        var part = raw.Object(raw.Text("type")!)!.Value;
        return new IncomingMedia(part.Text("id")!, part.Word("mime_type", 127) ?? "application/octet-stream", part.Word("sha256"));
    }
}
