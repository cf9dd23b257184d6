using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>Contacts, their aliases and their keys, many at once, in one transaction: no alias leads to a person without a key.</summary>
internal sealed class StoreContacts(Vault vault)
{
    /// <summary>Who bears these aliases, with their keys. Who was erased bears none.</summary>
    public async Task<Dictionary<AliasKey, KnownContact>> FindAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        IReadOnlyCollection<AliasKey> aliases,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadAsync(
            """
            select a.kind, a.hmac, a.subject, k.wrapped, k.kek_epoch
            from unnest($1, $2) as w(kind, hmac)
            join vault.alias a on a.tenant_id = $3 and a.kind = w.kind and a.hmac = w.hmac
            join vault.subject_key k on k.subject = a.subject and k.state = 'Active'
            where not exists (select from vault.tombstone t where t.subject = a.subject)
            """,
            [Kinds(aliases), Hmacs(aliases), tenant.Value],
            row => (Alias: ReadAlias(row), Subject: row.GetGuid(2), Wrapped: row.GetFieldValue<byte[]>(3), Epoch: row.GetInt32(4)),
            cancellationToken
        );
        var contacts = new Dictionary<Guid, KnownContact>();
        var known = new Dictionary<AliasKey, KnownContact>();
        foreach (var row in rows)
        {
            if (!contacts.TryGetValue(row.Subject, out var contact))
            {
                var subject = new DataSubjectId(row.Subject);
                contact = contacts[row.Subject] = new KnownContact(subject, vault.Unwrap(subject, row.Wrapped, row.Epoch));
            }
            contact.Aliases.Add(row.Alias);
            known[row.Alias] = contact;
        }
        return known;
    }

    /// <summary>When the bearers of these aliases were erased.</summary>
    public async Task<Dictionary<AliasKey, DateTimeOffset>> FindErasedAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<AliasKey> aliases,
        CancellationToken cancellationToken
    )
    {
        if (aliases.Count == 0)
            return [];
        var marked = aliases.ToLookup(alias => (alias.Kind, Mark: Hash256.Of(vault.TombstoneOf(alias.Hmac.ToBytes()))));
        var rows = await connection.ReadAsync(
            """
            select s.kind, s.hmac, s.erased_at
            from unnest($1, $2) as w(kind, hmac) join vault.alias_tombstone s on s.kind = w.kind and s.hmac = w.hmac
            """,
            [Texts(marked.Select(mark => mark.Key.Kind.ToString())), Bytes(marked.Select(mark => mark.Key.Mark.ToBytes()))],
            row => (Mark: ReadAlias(row), At: row.GetFieldValue<DateTimeOffset>(2)),
            cancellationToken
        );
        return rows.ToDictionary(row => marked[(row.Mark.Kind, row.Mark.Hmac)].First(), row => row.At);
    }

    /// <summary>Stores what was decided.</summary>
    public async Task StoreAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<ContactRequest> requests,
        AliasChanges changes,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        var contacts = requests.Where(request => request.Contact is not null).Select(request => request.Contact!).Distinct().ToList();
        if (changes.Dropped.Count > 0)
            await DeleteAsync(connection, changes.Dropped, cancellationToken);
        await AddAliasesAsync(connection, tenant, contacts, counts, cancellationToken);
        await AddContactsAsync(connection, tenant, contacts.FindAll(contact => contact.IsNew), cancellationToken);
        foreach (var (from, to) in changes.Carried)
            await RecordOptOut.CarryAsync(connection, from, to, cancellationToken);
        await RefreshContacts.RunAsync(
            connection,
            contacts.FindAll(contact => !contact.IsNew && (contact.Gained.Count > 0 || contact.Changed)),
            cancellationToken
        );
    }

    private async Task AddAliasesAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<KnownContact> contacts,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        var lost = await InsertAsync(connection, tenant, contacts, cancellationToken);
        if (lost.Count == 0)
            return;
        // Another transaction was faster with the same person: they are that contact, and nothing of the second one is stored.
        var winners = await FindAsync(connection, tenant, lost, cancellationToken);
        var merged = contacts.FindAll(contact => contact.IsNew && contact.Gained.Exists(winners.ContainsKey));
        counts.AliasConflicts += contacts.Count(contact => !contact.IsNew && contact.Gained.Exists(winners.ContainsKey));
        await DeleteAsync(
            connection,
            [.. merged.SelectMany(contact => contact.Gained).Where(alias => !lost.Contains(alias))],
            cancellationToken
        );
        foreach (var contact in merged)
        {
            var winner = winners[contact.Gained.First(winners.ContainsKey)];
            contact.Become(winner.Subject, winner.Key);
            contact.Gained.RemoveAll(lost.Contains);
        }
        await InsertAsync(connection, tenant, merged, cancellationToken);
    }

    private static async Task<HashSet<AliasKey>> InsertAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<KnownContact> contacts,
        CancellationToken cancellationToken
    )
    {
        var gained = contacts.SelectMany(contact => contact.Gained, (contact, alias) => (Alias: alias, contact.Subject)).ToList();
        if (gained.Count == 0)
            return [];
        // Always in the same order, so that two transactions never wait for each other in a circle.
        gained.Sort((one, other) => Hash256.Compare(one.Alias.Hmac, other.Alias.Hmac));
        var aliases = gained.ConvertAll(row => row.Alias);
        var stored = await connection.ReadAsync(
            """
            insert into vault.alias (tenant_id, kind, hmac, subject) select $1, kind, hmac, subject
            from unnest($2, $3, $4) as w(kind, hmac, subject) on conflict do nothing returning kind, hmac
            """,
            [tenant.Value, Kinds(aliases), Hmacs(aliases), Uuids(gained.Select(row => row.Subject.Value))],
            ReadAlias,
            cancellationToken
        );
        return [.. aliases.Except(stored)];
    }

    private static Task AddContactsAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<KnownContact> contacts,
        CancellationToken cancellationToken
    )
    {
        if (contacts.Count == 0)
            return Task.CompletedTask;
        return connection.RunAsync(
            """
            with added as (
                insert into vault.subject_key (subject, tenant_id, state, wrapped, kek_epoch, created_at)
                select subject, $1, 'Active', wrapped, kek_epoch, seen_at
                from unnest($2, $3, $4, $10) as k(subject, wrapped, kek_epoch, seen_at)
            )
            insert into contact (tenant_id, subject, wa_id, business_scoped_user_id, parent_user_id, username, display_name, created_at,
                last_message_at)
            select $1, c.*, c.seen_at
            from unnest($2, $5, $6, $7, $8, $9, $10) as c(subject, wa_id, user_id, parent_id, username, name, seen_at)
            """,
            [
                tenant.Value,
                Uuids(contacts.Select(contact => contact.Subject.Value)),
                Bytes(contacts.Select(contact => contact.NewKey!.Wrapped)),
                Numbers(contacts.Select(contact => contact.NewKey!.KekEpoch)),
                Bytes(contacts.Select(contact => SealedNames.WaId(contact))),
                Bytes(contacts.Select(contact => SealedNames.UserId(contact))),
                Bytes(contacts.Select(contact => SealedNames.ParentUserId(contact))),
                Bytes(contacts.Select(contact => SealedNames.Username(contact))),
                Bytes(contacts.Select(contact => SealedNames.Name(contact))),
                Times(contacts.Select(contact => contact.SeenAt)),
            ],
            cancellationToken
        );
    }

    private static Task<int> DeleteAsync(NpgsqlConnection connection, List<AliasKey> aliases, CancellationToken cancellationToken) =>
        connection.RunAsync(
            "delete from vault.alias a using unnest($1, $2) as w(kind, hmac) where a.kind = w.kind and a.hmac = w.hmac",
            [Kinds(aliases), Hmacs(aliases)],
            cancellationToken
        );

    private static NpgsqlParameter Kinds(IEnumerable<AliasKey> aliases) => Texts(aliases.Select(alias => alias.Kind.ToString()));

    private static NpgsqlParameter Hmacs(IEnumerable<AliasKey> aliases) => Bytes(aliases.Select(alias => alias.Hmac.ToBytes()));

    private static AliasKey ReadAlias(NpgsqlDataReader row) =>
        new(Enum.Parse<AliasKind>(row.GetString(0)), Hash256.Of(row.GetFieldValue<byte[]>(1)));
}
