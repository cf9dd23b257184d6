using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;
using SubjectVault = WpAsis.Privacy.Vault.Vault;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>Somebody in a webhook.</summary>
internal sealed record Sighting(PersonNames Names, string? DisplayName);

/// <summary>Who it is. Its key seals what is stored of the person.</summary>
/// <param name="Subject">The person.</param>
/// <param name="Key">Null when the person was erased meanwhile.</param>
/// <param name="ErasedAt">An earlier bearer of the names was erased then; what is not newer belongs to nobody.</param>
internal sealed record ResolvedContact(DataSubjectId Subject, DataKey? Key, DateTimeOffset? ErasedAt);

/// <summary>
/// Finds or makes the contacts of a batch, set-wise, in the tenant's open transaction. A person is an alias set; contact, aliases and key
/// come into being together. Names that already lead to two persons are left as they are: merging people is nobody's guess.
/// </summary>
internal sealed class ResolveContacts(AliasIndex aliases, SubjectVault vault, TimeProvider clock)
{
    public async Task<IReadOnlyList<ResolvedContact>> RunAsync(
        GatewayDbContext db,
        TenantId tenant,
        IReadOnlyList<Sighting> people,
        CancellationToken cancellationToken
    )
    {
        var connection = db.Connection();
        var names = people.Select(person => aliases.Of(tenant, person.Names)).ToArray();
        var known = await FindAsync(connection, names, cancellationToken);
        var erased = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var made = new Dictionary<DataSubjectId, NewContact>();
        if (names.Any(set => !set.IsKnown(known)))
        {
            // One at a time per tenant makes people, so that two replicas never make the same one twice.
            await connection.RunAsync(
                "select pg_advisory_xact_lock(hashtextextended($1, 7100))",
                [tenant.Value.ToString()],
                cancellationToken
            );
            known = await FindAsync(connection, names, cancellationToken);
            erased = await FindErasedAsync(connection, names, cancellationToken);
            Make(people, names, known, made);
            await ContactRows.InsertAsync(connection, tenant, made.Values, clock.GetUtcNow(), cancellationToken);
        }
        await ContactRows.AddAliasesAsync(connection, tenant, names, known, cancellationToken);

        var subjects = names.Select(set => set.SubjectIn(known)).ToArray();
        var old = subjects.Where(subject => !made.ContainsKey(subject)).Distinct().ToArray();
        var keys = await vault.OpenSubjectKeysAsync(db, old, cancellationToken);
        await ContactRows.RefreshAsync(connection, people, subjects, keys, clock.GetUtcNow(), cancellationToken);
        return
        [
            .. subjects.Select(
                (subject, i) =>
                    new ResolvedContact(
                        subject,
                        made.TryGetValue(subject, out var contact) ? contact.Key.Key : keys[subject],
                        names[i].LastErasedIn(erased)
                    )
            ),
        ];
    }

    /// <summary>The person of a set of names, or none; makes nobody.</summary>
    public async Task<DataSubjectId?> FindAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        PersonNames person,
        CancellationToken cancellationToken
    )
    {
        var names = aliases.Of(tenant, person);
        var known = await FindAsync(connection, [names], cancellationToken);
        return names.IsKnown(known) ? names.SubjectIn(known) : null;
    }

    private void Make(
        IReadOnlyList<Sighting> people,
        AliasSet[] names,
        Dictionary<string, DataSubjectId> known,
        Dictionary<DataSubjectId, NewContact> made
    )
    {
        for (var i = 0; i < people.Count; i++)
        {
            if (!names[i].IsKnown(known))
            {
                var subject = DataSubjectId.New();
                made[subject] = new(subject, people[i], vault.NewWrappedKey(subject));
                foreach (var alias in names[i].Own)
                    known[alias.Text] = subject;
            }
        }
    }

    private static async Task<Dictionary<string, DataSubjectId>> FindAsync(
        NpgsqlConnection connection,
        AliasSet[] names,
        CancellationToken cancellationToken
    )
    {
        var asked = names.SelectMany(set => set.LookUps).DistinctBy(alias => alias.Text).ToArray();
        var found = await connection.ReadAsync(
            "select a.kind, a.hmac, a.subject from vault.alias a join unnest($1, $2) as asked(kind, hmac) using (kind, hmac)",
            [asked.Select(alias => alias.Kind.ToString()).ToArray(), asked.Select(alias => alias.Hmac).ToArray()],
            row => (Text: AliasKey.TextOf(row.GetString(0), row.GetFieldValue<byte[]>(1)), Subject: new DataSubjectId(row.GetGuid(2))),
            cancellationToken
        );
        return found.ToDictionary(alias => alias.Text, alias => alias.Subject, StringComparer.Ordinal);
    }

    private static async Task<Dictionary<string, DateTimeOffset>> FindErasedAsync(
        NpgsqlConnection connection,
        AliasSet[] names,
        CancellationToken cancellationToken
    )
    {
        var asked = names.SelectMany(set => set.Own).DistinctBy(alias => alias.Text).ToArray();
        var found = await connection.ReadAsync(
            "select a.kind, a.hmac, a.erased_at from vault.alias_tombstone a join unnest($1, $2) as asked(kind, hmac) using (kind, hmac)",
            [asked.Select(alias => alias.Kind.ToString()).ToArray(), asked.Select(alias => alias.Hmac).ToArray()],
            row => (Text: AliasKey.TextOf(row.GetString(0), row.GetFieldValue<byte[]>(1)), At: row.GetFieldValue<DateTimeOffset>(2)),
            cancellationToken
        );
        return found.ToDictionary(alias => alias.Text, alias => alias.At, StringComparer.Ordinal);
    }
}

/// <summary>A contact in the making.</summary>
internal sealed record NewContact(DataSubjectId Subject, Sighting Person, WrappedKey Key);
