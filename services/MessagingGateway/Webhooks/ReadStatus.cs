using System.Text.Json;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Reads what comes beside messages: delivery states, preferences, changed user ids.</summary>
internal static class ReadStatus
{
    /// <summary>A delivery state; null when it is one nobody knows yet, or of a call.</summary>
    public static IncomingStatus? Read(IncomingValue value, JsonElement raw)
    {
        if (!Wamid.TryParse(raw.Text("id"), out var wamid) || StatusOf(raw.Text("status")) is not { } status || raw.Text("type") == "call")
            return null;
        var errors = raw.List("errors").ToList();
        return new IncomingStatus(value, raw)
        {
            Wamid = wamid,
            Status = status,
            At = MessageTime.Of(raw.Text("timestamp"), value.ArrivedAt).At,
            OurId = MessageId.TryParse(raw.Text("biz_opaque_callback_data"), null, out var id) ? id : null,
            ErrorCode = errors.Count > 0 ? errors[0].Number("code") : null,
            Pricing = raw.Object("pricing") is { } pricing ? PricingOf(pricing) : null,
            Recipient = ContactNames.Of(raw.Text("recipient_id"), raw.Text("recipient_user_id"), raw.Text("recipient_parent_user_id")),
        };
    }

    /// <summary>A preference about marketing; null when it is about something else or names nobody.</summary>
    public static IncomingPreference? ReadPreference(IncomingValue value, JsonElement raw)
    {
        var who = ContactNames.Of(raw.Text("wa_id"), raw.Text("user_id"), raw.Text("parent_user_id"));
        if (who.IsEmpty || raw.Text("category") != "marketing_messages")
            return null;
        return raw.Text("value") switch
        {
            "stop" => new IncomingPreference(value, raw) { Who = who, Stops = true },
            "resume" or "signup" => new IncomingPreference(value, raw) { Who = who, Stops = false },
            _ => null,
        };
    }

    /// <summary>A user id that was replaced; null when one of the two is missing.</summary>
    public static IncomingLink? ReadLink(IncomingValue value, JsonElement raw)
    {
        var before = ContactNames.Of(
            raw.Text("wa_id"),
            raw.Object("user_id")?.Text("previous") ?? raw.Text("previous_user_id"),
            raw.Object("parent_user_id")?.Text("previous") ?? raw.Text("previous_parent_user_id")
        );
        var after = ContactNames.Of(
            raw.Text("new_wa_id"),
            raw.Object("user_id")?.Text("current") ?? raw.Text("user_id"),
            raw.Object("parent_user_id")?.Text("current") ?? raw.Text("parent_user_id")
        );
        return before.IsEmpty || after.IsEmpty ? null : new IncomingLink(value, raw) { Before = before, After = after };
    }

    private static MessageStatus? StatusOf(string? status) =>
        status switch
        {
            "sent" => MessageStatus.Sent,
            "delivered" => MessageStatus.Delivered,
            "read" => MessageStatus.Read,
            "played" => MessageStatus.Played,
            "failed" => MessageStatus.Failed,
            _ => null,
        };

    private static MessagePricing? PricingOf(JsonElement pricing) =>
        pricing.Flag("billable") is { } billable
            ? new MessagePricing
            {
                Billable = billable,
                Model = pricing.Word("pricing_model"),
                Type = pricing.Word("type"),
                Category = pricing.Word("category"),
            }
            : null;
}
