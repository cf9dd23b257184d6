using System.Globalization;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Graph;

namespace WpAsis.Sandbox.Webhooks;

/// <summary>Meta's <c>messages</c> webhooks in today's shape: user ids beside numbers, PMP pricing.</summary>
internal static class WebhookPayload
{
    public static byte[] Inbound(BusinessNumber number, Person? contact, JsonArray messages) =>
        Wrap(number, contact is null ? null : [Contact(contact)], "messages", messages);

    public static byte[] Status(
        BusinessNumber number,
        Person contact,
        SentMessage message,
        string status,
        int? errorCode,
        DateTimeOffset at
    )
    {
        var entry = new JsonObject
        {
            ["id"] = message.Wamid,
            ["status"] = status,
            ["timestamp"] = Seconds(at),
        };
        if (contact.WaId is not null)
            entry["recipient_id"] = contact.WaId;
        entry["recipient_user_id"] = contact.UserId;
        if (message.CallbackData is not null)
            entry["biz_opaque_callback_data"] = message.CallbackData;
        if (errorCode is { } code)
            entry["errors"] = new JsonArray(StatusError(code));
        else
            AddPrice(entry, message, status, at);
        return Wrap(number, [Contact(contact)], "statuses", [entry]);
    }

    public static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static void AddPrice(JsonObject entry, SentMessage message, string status, DateTimeOffset at)
    {
        var conversation = new JsonObject { ["id"] = message.ConversationId };
        if (status == "sent")
            conversation["expiration_timestamp"] = Seconds(at.AddHours(24));
        conversation["origin"] = new JsonObject { ["type"] = "service" };
        entry["conversation"] = conversation;
        entry["pricing"] = new JsonObject
        {
            ["billable"] = true,
            ["pricing_model"] = "PMP",
            ["type"] = "regular",
            ["category"] = "service",
        };
    }

    private static JsonObject StatusError(int code) =>
        new()
        {
            ["code"] = code,
            ["title"] = GraphError.Title(code),
            ["message"] = GraphError.Title(code),
            ["error_data"] = new JsonObject { ["details"] = "The sandbox was asked to fail this message." },
            ["href"] = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        };

    private static JsonObject Contact(Person contact)
    {
        var profile = new JsonObject { ["name"] = contact.Name ?? "Sandbox" };
        if (contact.Username is not null)
            profile["username"] = contact.Username;
        var entry = new JsonObject { ["profile"] = profile };
        if (contact.WaId is not null)
            entry["wa_id"] = contact.WaId;
        entry["user_id"] = contact.UserId;
        if (contact.ParentUserId is not null)
            entry["parent_user_id"] = contact.ParentUserId;
        return entry;
    }

    private static byte[] Wrap(BusinessNumber number, JsonArray? contacts, string name, JsonArray items)
    {
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject
            {
                ["display_phone_number"] = string.Concat(number.DisplayPhoneNumber.Where(char.IsAsciiDigit)),
                ["phone_number_id"] = number.PhoneNumberId,
            },
        };
        if (contacts is not null)
            value["contacts"] = contacts;
        value[name] = items;
        var change = new JsonObject { ["value"] = value, ["field"] = "messages" };
        var entry = new JsonObject { ["id"] = number.WabaId, ["changes"] = new JsonArray(change) };
        return MetaJson.Write(new JsonObject { ["object"] = "whatsapp_business_account", ["entry"] = new JsonArray(entry) });
    }
}
