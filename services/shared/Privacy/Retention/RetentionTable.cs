namespace WpAsis.Privacy.Retention;

/// <summary>What ends the keeping of data that no clock ends.</summary>
public enum KeptUntil
{
    /// <summary>The time has passed.</summary>
    Elapsed,

    /// <summary>Deletion is asked for (policy P5.1).</summary>
    DeletionAsked,

    /// <summary>Somebody revokes it.</summary>
    Revoked,

    /// <summary>The law's own period, stated in the gaps between policy and product.</summary>
    LawDemands,

    /// <summary>Never: it says nothing about anybody.</summary>
    Forever,
}

/// <summary>One line of the retention table.</summary>
/// <param name="Name">Its name, which <c>[…Data(Retention = …)]</c> cites.</param>
/// <param name="Until">What ends it.</param>
/// <param name="Period">The longest time, where there is one.</param>
/// <param name="From">From when it counts.</param>
public sealed record RetentionRule(string Name, KeptUntil Until, TimeSpan? Period, string From);

/// <summary>How long everything is kept: the one table that the policy page prints and the purges obey.</summary>
public static class RetentionTable
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>What was said, and the memory of a conversation, where the customer chose no other window.</summary>
    public static TimeSpan Content { get; } = TimeSpan.FromHours(24);

    /// <summary>The longest window a customer may choose.</summary>
    public static TimeSpan ContentLongest { get; } = TimeSpan.FromHours(72);

    /// <summary>Bodies as they arrived, until they are split.</summary>
    public static TimeSpan RawBodies { get; } = TimeSpan.FromHours(6);

    /// <summary>Bodies that could not be understood.</summary>
    public static TimeSpan Quarantine { get; } = TimeSpan.FromHours(72);

    /// <summary>Who wrote when, and how it was delivered.</summary>
    public static TimeSpan MessageMetadata { get; } = TimeSpan.FromDays(90);

    /// <summary>Security events.</summary>
    public static TimeSpan SecurityEvents { get; } = TimeSpan.FromDays(90);

    /// <summary>Who signed in, when and from where.</summary>
    public static TimeSpan LoginHistory { get; } = TimeSpan.FromDays(90);

    /// <summary>Signals of fraud.</summary>
    public static TimeSpan FraudSignals { get; } = TimeSpan.FromDays(90);

    /// <summary>Events from Stripe.</summary>
    public static TimeSpan StripeInbox { get; } = TimeSpan.FromDays(90);

    /// <summary>System logs (policy P5.2): not longer, and not shorter.</summary>
    public static TimeSpan SystemLogs { get; } = TimeSpan.FromDays(90);

    /// <summary>A contact, its aliases and its thread.</summary>
    public static TimeSpan Contacts { get; } = TimeSpan.FromDays(90);

    /// <summary>That somebody said stop; survives erasure as a hash, until START.</summary>
    public static TimeSpan OptOuts { get; } = 3 * Year;

    /// <summary>Keys by which a repeated delivery is known.</summary>
    public static TimeSpan DedupeKeys { get; } = TimeSpan.FromDays(8);

    /// <summary>Sessions.</summary>
    public static TimeSpan Sessions { get; } = TimeSpan.FromDays(30);

    /// <summary>Invitations.</summary>
    public static TimeSpan Invitations { get; } = TimeSpan.FromDays(7);

    /// <summary>Reserved answers.</summary>
    public static TimeSpan Reservations { get; } = TimeSpan.FromDays(40);

    /// <summary>The ledger of usage, which names no person.</summary>
    public static TimeSpan Ledger { get; } = 3 * Year;

    /// <summary>What operators did and saw; names no subject by type.</summary>
    public static TimeSpan AccessLedger { get; } = 3 * Year;

    /// <summary>A sign-up that was never confirmed is no account.</summary>
    public static TimeSpan UnconfirmedSignUps { get; } = TimeSpan.FromHours(24);

    /// <summary>An archive made for a person, or five downloads of it.</summary>
    public static TimeSpan ExportArchives { get; } = TimeSpan.FromDays(7);

    /// <summary>One link to an archive.</summary>
    public static TimeSpan ExportLinks { get; } = TimeSpan.FromHours(24);

    /// <summary>A data-subject request after it is closed.</summary>
    public static TimeSpan SubjectRequests { get; } = TimeSpan.FromDays(30);

    /// <summary>The hash of an erased contact's name.</summary>
    public static TimeSpan AliasTombstones { get; } = TimeSpan.FromDays(30);

    /// <summary>Old key-encryption keys.</summary>
    public static TimeSpan OldKeks { get; } = TimeSpan.FromDays(30);

    /// <summary>Backups.</summary>
    public static TimeSpan Backups { get; } = TimeSpan.FromDays(30);

    /// <summary>The whole table, in the order in which people read it.</summary>
    public static IReadOnlyList<RetentionRule> Rules { get; } =
    [
        After(nameof(Content), Content, "the hour in which it was said; a customer may choose up to 72 hours"),
        After(nameof(ContentLongest), ContentLongest, "the hour in which it was said"),
        After(nameof(RawBodies), RawBodies, "the hour of arrival"),
        After(nameof(Quarantine), Quarantine, "the hour of quarantine"),
        After(nameof(MessageMetadata), MessageMetadata, "the message"),
        After(nameof(SecurityEvents), SecurityEvents, "the event"),
        After(nameof(LoginHistory), LoginHistory, "the sign-in"),
        After(nameof(FraudSignals), FraudSignals, "the signal"),
        After(nameof(StripeInbox), StripeInbox, "its arrival"),
        After(nameof(SystemLogs), SystemLogs, "the end of its day"),
        After(nameof(Contacts), Contacts, "the last message"),
        After(nameof(OptOuts), OptOuts, "the stop, unless START comes first"),
        After(nameof(DedupeKeys), DedupeKeys, "its arrival"),
        After(nameof(Sessions), Sessions, "the sign-in"),
        After(nameof(Invitations), Invitations, "the invitation"),
        new("ApiKeys", KeptUntil.Revoked, null, "it is made"),
        After(nameof(Reservations), Reservations, "the end of the billing period"),
        After(nameof(Ledger), Ledger, "the entry"),
        new("Invoices", KeptUntil.LawDemands, null, "the invoice"),
        After(nameof(AccessLedger), AccessLedger, "the entry"),
        new("Account", KeptUntil.DeletionAsked, null, "the confirmation"),
        new("Tenant", KeptUntil.DeletionAsked, null, "the registration"),
        After(nameof(UnconfirmedSignUps), UnconfirmedSignUps, "the sign-up"),
        After(nameof(ExportArchives), ExportArchives, "its making, or five downloads"),
        After(nameof(ExportLinks), ExportLinks, "its making, or one use"),
        After(nameof(SubjectRequests), SubjectRequests, "its closure"),
        new("Tombstones", KeptUntil.Forever, null, "the erasure"),
        After(nameof(AliasTombstones), AliasTombstones, "the erasure"),
        After(nameof(OldKeks), OldKeks, "the rotation"),
        After(nameof(Backups), Backups, "its making"),
    ];

    private static RetentionRule After(string name, TimeSpan period, string from) => new(name, KeptUntil.Elapsed, period, from);
}
