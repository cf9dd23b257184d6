using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>A person while one transaction works on them.</summary>
internal sealed class KnownContact(DataSubjectId subject, DataKey key)
{
    public DataSubjectId Subject { get; private set; } = subject;

    public DataKey Key { get; private set; } = key;

    /// <summary>Their key, where they are new: it is stored with them.</summary>
    public WrappedKey? NewKey { get; private set; }

    public bool IsNew => NewKey is not null;

    /// <summary>Names learned in this transaction, the newest last.</summary>
    public List<ContactNames> Names { get; } = [];

    /// <summary>Aliases that are to be stored.</summary>
    public List<AliasKey> Gained { get; } = [];

    /// <summary>All aliases seen in this transaction.</summary>
    public HashSet<AliasKey> Aliases { get; } = [];

    /// <summary>Meta said that their names changed.</summary>
    public bool Changed { get; set; }

    public DateTimeOffset SeenAt { get; set; }

    public static KnownContact Create(Vault vault)
    {
        var key = vault.NewWrappedKey(DataSubjectId.New());
        return new KnownContact(key.Subject, key.Key) { NewKey = key };
    }

    /// <summary>Another transaction made the same person first.</summary>
    public void Become(DataSubjectId subject, DataKey key)
    {
        (Subject, Key, NewKey) = (subject, key, null);
    }

    /// <summary>The newest of each name.</summary>
    public TName? Newest<TName>(Func<ContactNames, TName?> name)
        where TName : struct => Names.Select(name).LastOrDefault(value => value is not null);
}

/// <summary>Somebody to be found: the names of one event, and whether a stranger is made a contact.</summary>
internal sealed class ContactRequest(ContactNames names, DateTimeOffset at, bool mayCreate)
{
    public ContactNames Names { get; } = names;

    public ContactNames? Becomes { get; init; }

    public DateTimeOffset At { get; } = at;

    public bool MayCreate { get; } = mayCreate;

    /// <summary>Who it is; null when nobody is known, or when what happened was before their erasure.</summary>
    public KnownContact? Contact { get; set; }
}
