using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;
using WpAsis.Privacy.Vault;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Where a message goes, and the key under which its traces are sealed. Does not print itself.</summary>
internal sealed class OpenedContact(WaId? waId, BusinessScopedUserId? businessScopedUserId, DataKey key)
{
    public WaId? WaId { get; } = waId;

    public BusinessScopedUserId? BusinessScopedUserId { get; } = businessScopedUserId;

    public DataKey Key { get; } = key;
}

/// <summary>Unseals a contact's address and a number's token for one call.</summary>
internal sealed class OpenContact(Vault vault)
{
    /// <summary>The contact's address; null when the contact was erased or cannot be reached.</summary>
    public async Task<OpenedContact?> OpenAsync(GatewayDbContext db, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var rows = await db.Connection()
            .ReadAsync(
                "select wa_id, business_scoped_user_id from contact where subject = $1",
                [subject.Value],
                row => (WaId: row.MaybeObject<byte[]>("wa_id"), UserId: row.MaybeObject<byte[]>("business_scoped_user_id")),
                cancellationToken
            );
        if (rows is not [var contact] || await vault.TryOpenSubjectKeyAsync(db, subject, cancellationToken) is not { } key)
            return null;
        var waId = contact.WaId is { } number
            ? WaId.Parse(key.Unseal(SealedColumns.ContactWaId, SealedText.FromBytes(number)))
            : (WaId?)null;
        var userId = contact.UserId is { } scoped
            ? BusinessScopedUserId.Parse(key.Unseal(SealedColumns.ContactUserId, SealedText.FromBytes(scoped)))
            : (BusinessScopedUserId?)null;
        return waId is null && userId is null ? null : new(waId, userId, key);
    }

    /// <summary>The number with its token; null when the customer was erased.</summary>
    public async Task<GraphAccess?> OpenAccessAsync(
        GatewayDbContext db,
        TenantId tenant,
        ChannelRow channel,
        CancellationToken cancellationToken
    ) =>
        await vault.TryOpenTenantKeyAsync(db, tenant, cancellationToken) is { } key
            ? new(channel.PhoneNumberId, key.Unseal(SealedColumns.ChannelAccessToken, channel.AccessToken))
            : null;
}
