using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Ids;

namespace WpAsis.Privacy.Vault;

public sealed partial class Vault
{
    private const int MarkBytes = 32;

    /// <summary>
    /// How an alias stands among the tombstones: hashed once more under a secret of its own. Both tombstones of an erasure show its moment;
    /// with the alias's own hash beside it, who comes back under the same number would lead to who they were.
    /// </summary>
    public byte[] TombstoneOf(ReadOnlySpan<byte> hmac) => HMACSHA256.HashData(ring.GetOrCreate("alias-tombstones", MarkBytes), hmac);

    /// <summary>
    /// Destroys a person's key and records it: state Erased, a tombstone for ever, alias hashes kept as alias tombstones only.
    /// A person without a key here is recorded as erased too, so that an event that is still under way cannot make one.
    /// A second time changes nothing.
    /// </summary>
    /// <param name="db">The caller's context, in a transaction.</param>
    /// <param name="subject">The person.</param>
    /// <param name="at">The moment of erasure: what is older is dropped, what is newer is another person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EraseSubjectAsync(DbContext db, DataSubjectId subject, DateTimeOffset at, CancellationToken cancellationToken)
    {
        RequireTransaction(db);
        var id = subject.Value;
        var moment = at.ToUniversalTime();
        var aliases = await db
            .Database.SqlQuery<AliasRow>(
                $"""
                select tenant_id as "Tenant", kind as "Kind", hmac as "Hmac" from vault.alias where subject = {id}
                """
            )
            .ToListAsync(cancellationToken);
        var tenants = aliases.ConvertAll(alias => alias.Tenant).ToArray();
        var kinds = aliases.ConvertAll(alias => alias.Kind).ToArray();
        var marks = aliases.ConvertAll(alias => TombstoneOf(alias.Hmac)).ToArray();
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into vault.subject_key (subject, state, kek_epoch, created_at, erased_at)
            values ({id}, 'Erased', 0, {moment}, {moment}) on conflict (subject) do nothing;

            update vault.subject_key set state = 'Erased', wrapped = null, kek_epoch = 0, erased_at = {moment}
            where subject = {id} and state <> 'Erased';

            insert into vault.tombstone (subject, tenant_id, erased_at)
            select subject, tenant_id, erased_at from vault.subject_key where subject = {id}
            on conflict (subject) do nothing;

            delete from vault.alias_tombstone s using unnest({tenants}, {kinds}, {marks}) as a(tenant_id, kind, hmac)
            where s.tenant_id = a.tenant_id and s.kind = a.kind and s.hmac = a.hmac;

            insert into vault.alias_tombstone (tenant_id, kind, hmac, erased_at)
            select a.tenant_id, a.kind, a.hmac, {moment} from unnest({tenants}, {kinds}, {marks}) as a(tenant_id, kind, hmac);

            delete from vault.alias where subject = {id};
            """,
            cancellationToken
        );
        // Row-level security hides another customer's row from every statement above: silence would look like success.
        if (!await IsErasedAsync(db, subject, cancellationToken))
            throw new InvalidOperationException($"{subject} is another customer's; the transaction names the wrong one.");
    }

    private sealed record AliasRow(Guid Tenant, string Kind, byte[] Hmac);
}
