using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>One name by its keyed hash.</summary>
internal sealed record AliasKey(AliasKind Kind, byte[] Hmac)
{
    public string Text { get; } = TextOf(Kind.ToString(), Hmac);

    public static string TextOf(string kind, byte[] hmac) => kind + ":" + Convert.ToHexString(hmac);
}

/// <summary>The names of one person, the surest first; look-ups also try how a number was written before its country changed it.</summary>
internal sealed record AliasSet(IReadOnlyList<AliasKey> Own, IReadOnlyList<AliasKey> LookUps)
{
    public bool IsKnown(Dictionary<string, DataSubjectId> known) => LookUps.Any(alias => known.ContainsKey(alias.Text));

    public DataSubjectId SubjectIn(Dictionary<string, DataSubjectId> known) =>
        known[LookUps.First(alias => known.ContainsKey(alias.Text)).Text];

    public DateTimeOffset? LastErasedIn(Dictionary<string, DateTimeOffset> erased) =>
        Own.Where(alias => erased.ContainsKey(alias.Text)).Select(alias => (DateTimeOffset?)erased[alias.Text]).Max();
}

/// <summary>Hashes a person's names as one tenant knows them: another tenant's hashes of the same names are different.</summary>
internal sealed class AliasIndex(BlindIndex index)
{
    public AliasSet Of(TenantId tenant, PersonNames names)
    {
        var own = new List<AliasKey>();
        if (names.UserId is { } user)
            own.Add(Key(tenant, AliasKind.BusinessScopedUserId, user.Normalized));
        if (names.WaId is { } number)
            own.Add(Key(tenant, AliasKind.WaId, number.Normalized));
        if (names.ParentUserId is { } parent)
            own.Add(Key(tenant, AliasKind.ParentBusinessScopedUserId, parent.Normalized));
        // A chosen name can pass to somebody else, so it counts only where there is nothing surer.
        if (own.Count == 0 && names.Username is { } username)
            own.Add(Key(tenant, AliasKind.Username, username.Normalized));
        if (names.WaId is not { } waId)
            return new(own, own);
        var variants = NumberVariants.Of(waId.Normalized).Select(variant => Key(tenant, AliasKind.WaId, variant));
        return new(own, [.. own, .. variants]);
    }

    private AliasKey Key(TenantId tenant, AliasKind kind, string normalized) =>
        new(kind, index.OfTenant("alias-" + kind.ToString().ToLowerInvariant(), tenant, normalized));
}

/// <summary>Other spellings under which a number may be known. For look-ups only: a number is never rewritten.</summary>
internal static class NumberVariants
{
    public static IEnumerable<string> Of(string digits)
    {
        // Brazil's ninth digit, Mexico's 1 and Argentina's 9 after the country code come and go in Meta's ids.
        if (digits.StartsWith("55", StringComparison.Ordinal) && digits.Length == 13 && digits[4] == '9')
            yield return digits.Remove(4, 1);
        else if (digits.StartsWith("55", StringComparison.Ordinal) && digits.Length == 12)
            yield return digits.Insert(4, "9");
        else if (digits.StartsWith("521", StringComparison.Ordinal) && digits.Length == 13)
            yield return digits.Remove(2, 1);
        else if (digits.StartsWith("52", StringComparison.Ordinal) && digits.Length == 12)
            yield return digits.Insert(2, "1");
        else if (digits.StartsWith("549", StringComparison.Ordinal) && digits.Length == 13)
            yield return digits.Remove(2, 1);
        else if (digits.StartsWith("54", StringComparison.Ordinal) && digits.Length == 12)
            yield return digits.Insert(2, "9");
    }
}
