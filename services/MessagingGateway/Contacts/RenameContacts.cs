using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>A person changed their number or got a new id from Meta: the same contact is found by the new names too.</summary>
internal sealed class RenameContacts(ResolveContacts contacts, AliasIndex aliases)
{
    public async Task RunAsync(GatewayDbContext db, TenantId tenant, RenamedItem renamed, CancellationToken cancellationToken)
    {
        var connection = db.Connection();
        if (await contacts.FindAsync(connection, tenant, renamed.Before, cancellationToken) is not { } subject)
            return;
        // Names that lead to somebody else stay theirs.
        var fresh = aliases.Of(tenant, renamed.After).Own;
        await connection.RunAsync(
            """
            insert into vault.alias (tenant_id, kind, hmac, subject)
            select $3, kind, hmac, $4 from unnest($1, $2) as a(kind, hmac) on conflict (tenant_id, kind, hmac) do nothing
            """,
            [
                fresh.Select(alias => alias.Kind.ToString()).ToArray(),
                fresh.Select(alias => alias.Hmac).ToArray(),
                tenant.Value,
                subject.Value,
            ],
            cancellationToken
        );
        await contacts.RunAsync(db, tenant, [new(renamed.After, null)], cancellationToken);
    }
}
