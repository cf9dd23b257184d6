using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Sealing;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>The newest names of a contact, sealed under their own key.</summary>
internal static class SealedNames
{
    public static byte[]? WaId(KnownContact contact) =>
        Seal(contact, SealedColumns.ContactWaId, contact.Newest(names => names.WaId)?.Reveal());

    public static byte[]? UserId(KnownContact contact) =>
        Seal(contact, SealedColumns.ContactUserId, contact.Newest(names => names.UserId)?.Reveal());

    public static byte[]? ParentUserId(KnownContact contact) =>
        Seal(contact, SealedColumns.ContactParentUserId, contact.Newest(names => names.ParentUserId)?.Reveal());

    public static byte[]? Username(KnownContact contact) =>
        Seal(contact, SealedColumns.ContactUsername, contact.Newest(names => names.Username)?.Reveal());

    public static byte[]? Name(KnownContact contact) =>
        Seal(contact, SealedColumns.ContactDisplayName, contact.Newest(names => names.Name)?.Reveal());

    private static byte[]? Seal(KnownContact contact, SealedColumn column, string? text) =>
        text is null ? null : contact.Key.Seal(column, text).ToBytes();
}

/// <summary>
/// Brings contacts up to date. It happens when a name is new and with the first message after an hour of silence: a row per message
/// would be written for nothing.
/// </summary>
internal static class RefreshContacts
{
    /// <summary>So long a contact's row may lag behind its thread.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromHours(1);

    public static Task RunAsync(NpgsqlConnection connection, IReadOnlyList<KnownContact> contacts, CancellationToken cancellationToken)
    {
        if (contacts.Count == 0)
            return Task.CompletedTask;
        var rows = contacts.DistinctBy(contact => contact.Subject).OrderBy(contact => contact.Subject.Value).ToList();
        return connection.RunAsync(
            """
            update contact set wa_id = coalesce(n.wa_id, contact.wa_id), username = coalesce(n.username, contact.username),
                business_scoped_user_id = coalesce(n.user_id, contact.business_scoped_user_id),
                parent_user_id = coalesce(n.parent_id, contact.parent_user_id), display_name = coalesce(n.name, contact.display_name),
                last_message_at = greatest(contact.last_message_at, n.seen_at)
            from unnest($1, $2, $3, $4, $5, $6, $7) as n(subject, wa_id, user_id, parent_id, username, name, seen_at)
            where contact.subject = n.subject
            """,
            [
                Uuids(rows.Select(contact => contact.Subject.Value)),
                Bytes(rows.Select(SealedNames.WaId)),
                Bytes(rows.Select(SealedNames.UserId)),
                Bytes(rows.Select(SealedNames.ParentUserId)),
                Bytes(rows.Select(SealedNames.Username)),
                Bytes(rows.Select(SealedNames.Name)),
                Times(rows.Select(contact => contact.SeenAt)),
            ],
            cancellationToken
        );
    }
}
