using System.Runtime.InteropServices;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>A name as the vault knows it: its kind and its keyed hash.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AliasKey(AliasKind Kind, Hash256 Hmac);

/// <summary>Keyed hashes of names, as one customer knows them: the only form in which a name is looked for.</summary>
internal sealed class AliasIndex(BlindIndex index)
{
    /// <summary>The names that tell persons apart, the surest first: a user id stays when a number changes hands.</summary>
    public List<AliasKey> Identifying(TenantId tenant, ContactNames names)
    {
        var keys = new List<AliasKey>(3);
        if (names.UserId is { } user)
            keys.Add(Of(tenant, AliasKind.BusinessScopedUserId, user.Normalized));
        if (names.Number is { } number)
            keys.Add(Of(tenant, AliasKind.WaId, number));
        if (names.ParentUserId is { } parent)
            keys.Add(Of(tenant, AliasKind.ParentBusinessScopedUserId, parent.Normalized));
        return keys;
    }

    /// <summary>Other ways to write the number.</summary>
    public List<AliasKey> Variants(TenantId tenant, ContactNames names) =>
        names.Number is { } number ? [.. NumberVariants.Of(number).Select(digits => Of(tenant, AliasKind.WaId, digits))] : [];

    /// <summary>The username, by which a person is found but never told from another.</summary>
    public AliasKey? Username(TenantId tenant, ContactNames names) =>
        names.Username is { } name ? Of(tenant, AliasKind.Username, name.Normalized) : null;

    private AliasKey Of(TenantId tenant, AliasKind kind, string normalized) =>
        new(kind, Hash256.Of(index.OfTenant(Column(kind), tenant, normalized)));

    private static string Column(AliasKind kind) =>
        kind switch
        {
            AliasKind.WaId => "alias.wa_id",
            AliasKind.BusinessScopedUserId => "alias.user_id",
            AliasKind.ParentBusinessScopedUserId => "alias.parent_user_id",
            _ => "alias.username",
        };
}
