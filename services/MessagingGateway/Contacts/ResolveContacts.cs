using Npgsql;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>
/// Says who each event is about: one look at the vault for all of them, then one after the other. A person is found by user id, else by
/// number (in any way it is written), else by parent id; new names are added to who was found. Two contacts that turn out to share a
/// person are never merged silently: the surest name decides, and it is counted.
/// </summary>
internal sealed class ResolveContacts(AliasIndex index, StoreContacts store, Vault vault)
{
    /// <summary>Answers each request, and stores whom and what is new. The transaction has named its tenant.</summary>
    public async Task RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        IReadOnlyList<ContactRequest> requests,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        if (requests.Count == 0)
            return;
        var asked = requests.Select(request => new Asked(request, index, tenant)).ToList();
        var known = await store.FindAsync(connection, tenant, asked.SelectMany(one => one.All).ToHashSet(), cancellationToken);
        var unknown = asked.Where(one => one.Find(known) is null).SelectMany(one => one.Identifying).ToHashSet();
        var erasedAt = await store.FindErasedAsync(connection, unknown, cancellationToken);

        var changes = new AliasChanges();
        foreach (var one in asked)
            Resolve(one, known, erasedAt, changes, counts);
        await store.StoreAsync(connection, tenant, asked.ConvertAll(one => one.Request), changes, counts, cancellationToken);
    }

    private void Resolve(
        Asked one,
        Dictionary<AliasKey, KnownContact> known,
        Dictionary<AliasKey, DateTimeOffset> erasedAt,
        AliasChanges changes,
        WrittenCounts counts
    )
    {
        var request = one.Request;
        var contact = one.Find(known);
        if (contact is null)
        {
            if (!request.MayCreate)
                return;
            // What is older than the erasure is dropped; what is newer is a new person.
            if (one.Identifying.Exists(alias => erasedAt.TryGetValue(alias, out var at) && request.At <= at))
            {
                counts.Erased++;
                return;
            }
            contact = KnownContact.Create(vault);
        }
        request.Contact = contact;
        contact.Names.Add(request.Names);
        contact.SeenAt = contact.SeenAt > request.At ? contact.SeenAt : request.At;
        Attach(contact, one.Identifying, known, counts);
        if (one.Username is { } username)
            AttachUsername(contact, username, known, changes);
        if (request.Becomes is { } names)
            Change(contact, one, names, known, changes, counts);
    }

    private static void Attach(KnownContact contact, List<AliasKey> aliases, Dictionary<AliasKey, KnownContact> known, WrittenCounts counts)
    {
        foreach (var alias in aliases)
        {
            if (known.TryAdd(alias, contact))
                contact.Gained.Add(alias);
            else if (known[alias].Subject != contact.Subject)
            {
                counts.AliasConflicts++;
                continue;
            }
            contact.Aliases.Add(alias);
        }
    }

    // A username belongs to whoever bears it now.
    private static void AttachUsername(
        KnownContact contact,
        AliasKey username,
        Dictionary<AliasKey, KnownContact> known,
        AliasChanges changes
    )
    {
        if (known.TryGetValue(username, out var before) && before.Subject == contact.Subject)
            return;
        if (before is not null)
        {
            changes.Dropped.Add(username);
            before.Gained.Remove(username);
        }
        known[username] = contact;
        contact.Gained.Add(username);
    }

    private static void Change(
        KnownContact contact,
        Asked one,
        ContactNames names,
        Dictionary<AliasKey, KnownContact> known,
        AliasChanges changes,
        WrittenCounts counts
    )
    {
        contact.Names.Add(names);
        contact.Changed = true;
        Attach(contact, one.Becoming, known, counts);
        changes.Carried.Add((one.Identifying, one.Becoming));
        // Whoever left a number does not answer for it any more: the next to bear it is somebody else.
        var left = one.Identifying.Where(alias => alias.Kind is AliasKind.WaId && !one.Becoming.Contains(alias));
        foreach (var alias in left.Where(_ => names.WaId is not null))
        {
            if (!known.TryGetValue(alias, out var bearer) || bearer.Subject != contact.Subject)
                continue;
            changes.Dropped.Add(alias);
            contact.Gained.Remove(alias);
            known.Remove(alias);
        }
    }

    private sealed class Asked(ContactRequest request, AliasIndex index, TenantId tenant)
    {
        private readonly List<AliasKey> _variants = index.Variants(tenant, request.Names);

        public ContactRequest Request { get; } = request;

        public List<AliasKey> Identifying { get; } = index.Identifying(tenant, request.Names);

        public List<AliasKey> Becoming { get; } = request.Becomes is { } names ? index.Identifying(tenant, names) : [];

        public AliasKey? Username { get; } = index.Username(tenant, request.Names);

        public IEnumerable<AliasKey> All
        {
            get
            {
                var all = Identifying.Concat(_variants).Concat(Becoming);
                return Username is { } username ? all.Append(username) : all;
            }
        }

        /// <summary>
        /// By user id, by number, by the number written otherwise, by parent id; a change is found by its new names as well.
        /// </summary>
        public KnownContact? Find(Dictionary<AliasKey, KnownContact> known)
        {
            var sure = Identifying.Where(alias => alias.Kind is not AliasKind.ParentBusinessScopedUserId);
            var last = Identifying.Where(alias => alias.Kind is AliasKind.ParentBusinessScopedUserId);
            foreach (var alias in sure.Concat(_variants).Concat(last).Concat(Becoming))
            {
                if (known.TryGetValue(alias, out var contact))
                    return contact;
            }
            return null;
        }
    }
}

/// <summary>What happens to aliases beside being gained.</summary>
internal sealed class AliasChanges
{
    /// <summary>Aliases that lose their bearer before others are stored.</summary>
    public List<AliasKey> Dropped { get; } = [];

    /// <summary>Aliases whose opt-outs go over to others.</summary>
    public List<(List<AliasKey> From, List<AliasKey> To)> Carried { get; } = [];
}
