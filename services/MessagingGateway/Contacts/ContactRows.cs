using Npgsql;
using NpgsqlTypes;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>Contacts' rows, many at once, in the tenant's open transaction.</summary>
internal static class ContactRows
{
    // A busy contact's row is not written for each of its messages.
    private static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);

    public static async Task InsertAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        IReadOnlyCollection<NewContact> contacts,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (contacts.Count == 0)
            return;
        await connection.RunAsync(
            """
            insert into vault.subject_key (subject, tenant_id, state, wrapped, kek_epoch, created_at)
            select subject, $4, 'Active', wrapped, kek_epoch, $5 from unnest($1, $2, $3) as k(subject, wrapped, kek_epoch)
            """,
            [
                contacts.Select(contact => contact.Subject.Value).ToArray(),
                contacts.Select(contact => contact.Key.Wrapped).ToArray(),
                contacts.Select(contact => contact.Key.KekEpoch).ToArray(),
                tenant.Value,
                now,
            ],
            cancellationToken
        );
        await using var command = connection.Command(
            """
            insert into contact (subject, tenant_id, wa_id, business_scoped_user_id, parent_user_id, username, display_name, created_at,
                last_message_at)
            select subject, $7, wa_id, user_id, parent_id, username, display_name, $8, $8
            from unnest($1, $2, $3, $4, $5, $6) as c(subject, wa_id, user_id, parent_id, username, display_name)
            """,
            contacts.Select(contact => contact.Subject.Value).ToArray(),
            Sealed(contacts, contact => contact.Person.Names.WaId?.Reveal(), SealedColumns.ContactWaId),
            Sealed(contacts, contact => contact.Person.Names.UserId?.Reveal(), SealedColumns.ContactUserId),
            Sealed(contacts, contact => contact.Person.Names.ParentUserId?.Reveal(), SealedColumns.ContactParentUserId),
            Sealed(contacts, contact => contact.Person.Names.Username?.Reveal(), SealedColumns.ContactUsername),
            Sealed(contacts, contact => contact.Person.DisplayName, SealedColumns.ContactDisplayName),
            tenant.Value,
            now
        );
        for (var column = 1; column <= 5; column++)
            command.Parameters[column].NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Names that a person shows for the first time. One that leads to somebody else already stays theirs.</summary>
    public static async Task AddAliasesAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        AliasSet[] names,
        Dictionary<string, DataSubjectId> known,
        CancellationToken cancellationToken
    )
    {
        var rows = names
            .SelectMany(set => set.Own.Select(alias => (Alias: alias, Subject: set.SubjectIn(known))))
            .DistinctBy(row => row.Alias.Text);
        var all = rows.ToArray();
        await connection.RunAsync(
            """
            insert into vault.alias (tenant_id, kind, hmac, subject)
            select $4, kind, hmac, subject from unnest($1, $2, $3) as a(kind, hmac, subject) order by kind, hmac
            on conflict (tenant_id, kind, hmac) do nothing
            """,
            [
                all.Select(row => row.Alias.Kind.ToString()).ToArray(),
                all.Select(row => row.Alias.Hmac).ToArray(),
                all.Select(row => row.Subject.Value).ToArray(),
                tenant.Value,
            ],
            cancellationToken
        );
    }

    /// <summary>Newer names and the time of the last message, at most once an hour for each contact.</summary>
    public static async Task RefreshAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Sighting> people,
        DataSubjectId[] subjects,
        IReadOnlyDictionary<DataSubjectId, DataKey?> keys,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var stale = await connection.ReadAsync(
            "select subject from contact where subject = any ($1) and (last_message_at < $2 or wa_id is null or business_scoped_user_id is null)",
            [keys.Keys.Select(subject => subject.Value).ToArray(), now - RefreshAfter],
            row => new DataSubjectId(row.GetGuid(0)),
            cancellationToken
        );
        foreach (var subject in stale)
        {
            if (keys[subject] is not { } key)
                continue;
            var person = people[Array.LastIndexOf(subjects, subject)];
            await using var command = connection.Command(
                """
                update contact set wa_id = coalesce($2, wa_id), business_scoped_user_id = coalesce($3, business_scoped_user_id),
                    parent_user_id = coalesce($4, parent_user_id), username = coalesce($5, username),
                    display_name = coalesce($6, display_name), last_message_at = greatest(last_message_at, $7)
                where subject = $1
                """,
                subject.Value,
                Sealed(key, SealedColumns.ContactWaId, person.Names.WaId?.Reveal()),
                Sealed(key, SealedColumns.ContactUserId, person.Names.UserId?.Reveal()),
                Sealed(key, SealedColumns.ContactParentUserId, person.Names.ParentUserId?.Reveal()),
                Sealed(key, SealedColumns.ContactUsername, person.Names.Username?.Reveal()),
                Sealed(key, SealedColumns.ContactDisplayName, person.DisplayName),
                now
            );
            for (var column = 1; column <= 5; column++)
                command.Parameters[column].NpgsqlDbType = NpgsqlDbType.Bytea;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static byte[]?[] Sealed(IReadOnlyCollection<NewContact> contacts, Func<NewContact, string?> value, SealedColumn column) =>
        [.. contacts.Select(contact => Sealed(contact.Key.Key, column, value(contact)))];

    private static byte[]? Sealed(DataKey key, SealedColumn column, string? value) =>
        string.IsNullOrEmpty(value) ? null : key.Seal(column, value.Length <= 256 ? value : value[..256]).ToBytes();
}
