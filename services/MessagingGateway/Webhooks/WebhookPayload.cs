using System.Text.Json;
using WpAsis.MessagingGateway.Contacts;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Walks a body: entries × changes × values, and everything in them. What it does not know it counts and leaves; what lacks an
/// identity, an id or a type goes to quarantine alone.
/// </summary>
internal static class WebhookPayload
{
    /// <summary>Fields that Meta's documentation names; a name from elsewhere is not made a label of a metric.</summary>
    private static readonly HashSet<string> KnownFields = new(StringComparer.Ordinal)
    {
        "messages",
        "smb_message_echoes",
        "history",
        "smb_app_state_sync",
        "calls",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "user_preferences",
        "user_id_update",
        "account_update",
        "account_review_update",
        "account_alerts",
        "account_settings_update",
        "business_capability_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "partner_solutions",
        "payment_configuration_update",
        "automatic_events",
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
        "flows",
        "standby",
    };

    /// <summary>Adds what a body holds to a batch.</summary>
    public static void Read(IntakeBody body, IntakeBatch batch, IntakeMetrics metrics)
    {
        JsonElement root;
        try
        {
            var document = JsonDocument.Parse(body.Bytes);
            batch.Keep(document);
            root = document.RootElement;
        }
        catch (JsonException)
        {
            batch.Troubles.Add(IncomingTrouble.Of(body, "no-json"));
            return;
        }
        if (root.Member("entry") is not { ValueKind: JsonValueKind.Array })
        {
            batch.Troubles.Add(IncomingTrouble.Of(body, "no-entry"));
            return;
        }
        foreach (var entry in root.List("entry"))
        foreach (var change in entry.List("changes"))
            ReadChange(body, change, batch, metrics);
    }

    private static void ReadChange(IntakeBody body, JsonElement change, IntakeBatch batch, IntakeMetrics metrics)
    {
        var field = change.Text("field") ?? "";
        metrics.Field(KnownFields.Contains(field) ? field : "other");
        if (change.Object("value") is not { } raw)
            return;
        metrics.Calls(raw.List("calls").Count());
        // The other numbers' business: another app is in charge while this one only listens.
        if (field is "standby" or "history")
            return;

        var number = raw.Object("metadata")?.Id("phone_number_id");
        var value = new IncomingValue(body, field, number ?? "", raw);
        var before = batch.Items.Count;
        ReadItems(field, value, batch, metrics);
        if (number is not null || batch.Items.Count == before)
            return;
        batch.Items.RemoveRange(before, batch.Items.Count - before);
        batch.Troubles.Add(IncomingTrouble.Of(value, "no-number"));
    }

    private static void ReadItems(string field, IncomingValue value, IntakeBatch batch, IntakeMetrics metrics)
    {
        var profiles = value.Raw.List("contacts").Select(ContactNames.OfProfile).ToList();
        foreach (var message in value.Raw.List("messages"))
            Add(ReadMessage.Read(value, message, profiles, out var reason), reason, value, "messages", message, batch);
        foreach (var echo in value.Raw.List("message_echoes"))
            Add(ReadMessage.ReadEcho(value, echo, profiles, out var reason), reason, value, "message_echoes", echo, batch);
        foreach (var status in value.Raw.List("statuses"))
        {
            if (ReadStatus.Read(value, status) is { } known && field != "calls")
                batch.Items.Add(known);
            else
                metrics.UnknownStatus();
        }
        foreach (var preference in value.Raw.List("user_preferences"))
        {
            if (ReadStatus.ReadPreference(value, preference) is { } known)
                batch.Items.Add(known);
        }
        foreach (var link in value.Raw.List("user_id_update"))
        {
            if (ReadStatus.ReadLink(value, link) is { } known)
                batch.Items.Add(known);
        }
    }

    private static void Add(IncomingMessage? message, string reason, IncomingValue value, string member, JsonElement raw, IntakeBatch batch)
    {
        if (message is not null)
            batch.Items.Add(message);
        else
            batch.Troubles.Add(IncomingTrouble.Of(value, member, raw, reason));
    }
}
