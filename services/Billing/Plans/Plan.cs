namespace WpAsis.Billing.Plans;

/// <summary>What a customer can be on. Plans are data in code: a change is a commit, and holds from a customer's next period.</summary>
/// <param name="Id">On the wire and in the database.</param>
/// <param name="Included">Replies in one period. There is no more: the stop is hard.</param>
/// <param name="Days">Length of the one period; null where periods are months and follow each other.</param>
/// <param name="Grace">How long after a period's end its entitlement still counts, should the next one not have been heard of.</param>
internal sealed record Plan(string Id, int Included, int? Days, TimeSpan Grace)
{
    public static Plan Trial { get; } = new("trial", Included: 100, Days: 14, Grace: TimeSpan.Zero);

    public static Plan Pro { get; } = new("pro", Included: 2_000, Days: null, Grace: TimeSpan.FromDays(7));

    public static IReadOnlyList<Plan> All { get; } = [Trial, Pro];

    public bool Renews => Days is null;

    public static Plan? Find(string id) => All.FirstOrDefault(plan => plan.Id == id);

    /// <summary>A plan that a subscription names.</summary>
    /// <exception cref="InvalidOperationException">A plan was removed while somebody was on it.</exception>
    public static Plan Of(string id) => Find(id) ?? throw new InvalidOperationException($"There is no plan '{id}'.");

    /// <summary>End of period <paramref name="index"/> of a series. Months are counted from the first: the 31st stays the 31st.</summary>
    public DateTimeOffset EndOf(DateTimeOffset anchor, int index) => Days is { } days ? anchor.AddDays(days) : anchor.AddMonths(index + 1);
}
