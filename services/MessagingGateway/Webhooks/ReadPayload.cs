using System.Text;
using System.Text.Json;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Walks entries × changes × values. Tolerant by design: what is unknown is recorded and acknowledged, what is broken goes to
/// quarantine by itself, and neither disturbs its neighbours.
/// </summary>
internal static class ReadPayload
{
    /// <summary>All that a body says; empty for a body without entries.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static List<PayloadItem> Read(ReadOnlyMemory<byte> body, IntakeOrigin origin)
    {
        using var document = JsonDocument.Parse(body);
        var items = new List<PayloadItem>();
        foreach (var entry in document.RootElement.Elements("entry"))
        {
            var waba = entry.Text("id") ?? "";
            foreach (var change in entry.Elements("changes"))
                ReadChange(items, new(waba, change.Text("field") ?? "", change.Member("value"), origin));
        }
        if (items.Count == 0)
            items.Add(Bad(new("", "", document.RootElement, origin), document.RootElement, "no-entry"));
        return items;
    }

    private static void ReadChange(List<PayloadItem> items, Change change)
    {
        var before = items.Count;
        if (change.Value.ValueKind is JsonValueKind.Object)
        {
            foreach (var message in change.Value.Elements("messages"))
                items.Add(Guarded(change, message, ReadMessage));
            foreach (var echo in change.Value.Elements("message_echoes"))
                items.Add(Guarded(change, echo, ReadEcho));
            foreach (var status in change.Value.Elements("statuses"))
                items.Add(Guarded(change, status, ReadStatus));
            foreach (var preference in change.Value.Elements("user_preferences"))
                items.Add(Guarded(change, preference, ReadPreference));
            foreach (var update in change.Value.Elements("user_id_update"))
                items.Add(Guarded(change, update, ReadUserIdUpdate));
            foreach (var call in change.Value.Elements("calls"))
                items.Add(Other(change, call, "call"));
        }
        if (items.Count == before)
            items.Add(Other(change, change.Value, change.Field.Length is > 0 and <= 64 ? "field:" + change.Field : "field"));
    }

    // A shape that nobody foresaw spoils one item, not the POST.
    private static PayloadItem Guarded(Change change, JsonElement element, Func<Change, JsonElement, PayloadItem> read)
    {
        try
        {
            return read(change, element);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return Bad(change, element, "shape");
        }
    }

    private static PayloadItem ReadMessage(Change change, JsonElement message)
    {
        if (!Wamid.TryParse(message.Text("id"), out var wamid))
            return Bad(change, message, "no-id");
        if (message.Text("type") is not { Length: > 0 and <= 64 } type)
            return Bad(change, message, "no-type");
        var (from, profile) = PersonOf(
            change.Value,
            message.Text("from"),
            message.Text("from_user_id"),
            message.Text("from_parent_user_id")
        );
        if (from.IsNobody)
            return Bad(change, message, "no-identity");
        if (type == "system" && SystemRename(change, message, from) is { } renamed)
            return renamed;

        var content = type == "edit" ? message.Member("edit").Member("message") : message;
        var words = ReadWords.Of(content, content.Text("type") ?? type);
        return new InboundItem
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(message),
            Origin = change.Origin,
            From = from,
            DisplayName = profile,
            Wamid = wamid,
            Kind = KindOf(type),
            Timestamp = message.Text("timestamp"),
            Concerns = Parse(message.Member(type).Text("original_message_id")),
            Quoted = Parse(message.Member("context").Text("id")),
            IsGroup = message.Text("group_id") is not null,
            HasReferral = message.Member("referral").ValueKind is JsonValueKind.Object,
            Words = words.Json,
            Text = words.Text,
            Media = words.Media,
        };
    }

    private static PayloadItem ReadEcho(Change change, JsonElement echo)
    {
        if (!Wamid.TryParse(echo.Text("id"), out var wamid))
            return Bad(change, echo, "no-id");
        var type = echo.Text("type") ?? "unknown";
        var to = Names(echo.Text("to"), echo.Text("to_user_id"), echo.Text("to_parent_user_id"), null);
        if (to.IsNobody)
            return Bad(change, echo, "no-identity");
        return new EchoItem
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(echo),
            Origin = change.Origin,
            To = to,
            Wamid = wamid,
            Kind = KindOf(type),
            Timestamp = echo.Text("timestamp"),
            WasSent = type is not ("edit" or "revoke" or "delete" or "reaction" or "unsupported" or "unknown"),
            Words = ReadWords.Of(echo, type).Json,
        };
    }

    private static PayloadItem ReadStatus(Change change, JsonElement status)
    {
        if (!Wamid.TryParse(status.Text("id"), out var wamid) || status.Text("status") is not { Length: > 0 and <= 64 } word)
            return Bad(change, status, "no-id");
        var pricing = status.Member("pricing");
        return new StatusItem
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(status),
            Origin = change.Origin,
            Wamid = wamid,
            Status = word,
            Timestamp = status.Text("timestamp"),
            CallbackData = status.Text("biz_opaque_callback_data"),
            ErrorCode = status.Elements("errors").Select(error => error.Number("code")).FirstOrDefault(),
            Pricing =
                pricing.ValueKind is JsonValueKind.Object
                    ? new(
                        pricing.Member("billable").ValueKind is JsonValueKind.True,
                        Word(pricing.Text("pricing_model")),
                        Word(pricing.Text("type")),
                        Word(pricing.Text("category"))
                    )
                    : null,
        };
    }

    private static PayloadItem ReadPreference(Change change, JsonElement preference)
    {
        var (person, _) = PersonOf(change.Value, preference.Text("wa_id"), preference.Text("user_id"), null);
        if (person.IsNobody || preference.Text("value") is not ("stop" or "resume"))
            return Other(change, preference, "preference");
        return new PreferenceItem
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(preference),
            Origin = change.Origin,
            Person = person,
            Stop = preference.Text("value") == "stop",
        };
    }

    private static PayloadItem ReadUserIdUpdate(Change change, JsonElement update)
    {
        var before = Names(
            update.Text("wa_id"),
            update.Member("user_id").Text("previous"),
            update.Member("parent_user_id").Text("previous"),
            null
        );
        var after = Names(null, update.Member("user_id").Text("current"), update.Member("parent_user_id").Text("current"), null);
        return before.IsNobody || after.IsNobody ? Other(change, update, "user-id-update") : Renamed(change, update, before, after);
    }

    private static RenamedItem? SystemRename(Change change, JsonElement message, PersonNames from)
    {
        var system = message.Member("system");
        if (system.Text("type") is not ("user_changed_number" or "user_changed_user_id"))
            return null;
        var after = Names(system.Text("wa_id"), system.Text("user_id"), system.Text("parent_user_id"), null);
        return after.IsNobody ? null : Renamed(change, message, from, after);
    }

    private static RenamedItem Renamed(Change change, JsonElement element, PersonNames before, PersonNames after) =>
        new()
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(element),
            Origin = change.Origin,
            Before = before,
            After = after,
        };

    // The message's own names decide; a contact entry adds to them only where it names the same person, or where it alone names anybody.
    private static (PersonNames Names, string? Profile) PersonOf(JsonElement value, string? from, string? userId, string? parent)
    {
        var own = Names(from, userId, parent, null);
        var entries = value.Elements("contacts").ToList();
        foreach (var entry in entries)
        {
            var same = (from is not null && entry.Text("wa_id") == from) || (userId is not null && entry.Text("user_id") == userId);
            if (!same && !(own.IsNobody && entries.Count == 1))
                continue;
            var profile = entry.Member("profile");
            var named = Names(entry.Text("wa_id"), entry.Text("user_id"), entry.Text("parent_user_id"), profile.Text("username"));
            return (own.With(named), profile.Text("name"));
        }
        return (own, null);
    }

    private static PersonNames Names(string? waId, string? userId, string? parent, string? username) =>
        new(
            WaId.TryParse(waId, out var number) ? number : null,
            BusinessScopedUserId.TryParse(userId, out var user) ? user : null,
            BusinessScopedUserId.TryParse(parent, out var above) ? above : null,
            Privacy.Values.Username.TryParse(username, out var name) ? name : null
        );

    private static Wamid? Parse(string? text) => Wamid.TryParse(text, out var wamid) ? wamid : null;

    private static string? Word(string? text) => text is { Length: > 0 and <= 64 } ? text : null;

    private static string KindOf(string type) => type.Length == 0 ? "Unknown" : char.ToUpperInvariant(type[0]) + type[1..];

    private static OtherItem Other(Change change, JsonElement element, string kind) =>
        new()
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(element),
            Origin = change.Origin,
            Kind = kind,
        };

    private static BadItem Bad(Change change, JsonElement element, string reason) =>
        new()
        {
            PhoneNumberId = change.PhoneNumberId,
            WabaId = change.Waba,
            Raw = change.RawOf(element),
            Origin = change.Origin,
            Reason = reason,
        };

    private sealed record Change(string Waba, string Field, JsonElement Value, IntakeOrigin Origin)
    {
        public string? PhoneNumberId { get; } = Value.Member("metadata").Text("phone_number_id");

        public ReadOnlyMemory<byte> RawOf(JsonElement element) =>
            element.ValueKind is JsonValueKind.Undefined ? ReadOnlyMemory<byte>.Empty : Encoding.UTF8.GetBytes(element.GetRawText());
    }
}
