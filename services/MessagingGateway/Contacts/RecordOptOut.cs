using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>What a contact does not want to get.</summary>
internal enum OptOutScope
{
    /// <summary>Anything automated.</summary>
    All,

    /// <summary>Marketing; answers go on.</summary>
    Marketing,
}

/// <summary>
/// The ledger of STOP, by keyed hash alone: it outlives the contact, so that somebody who was erased and writes again is not answered
/// by a machine against their will.
/// </summary>
internal static class RecordOptOut
{
    /// <summary>Adds a stop under each of the names.</summary>
    public static Task AddAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        IEnumerable<AliasKey> aliases,
        OptOutScope scope,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            insert into opt_out (tenant_id, alias_hmac, scope, at) select $1, hmac, $3, $4 from unnest($2) as w(hmac)
            on conflict do nothing
            """,
            [tenant.Value, Hmacs(aliases), scope.ToString(), at],
            cancellationToken
        );

    /// <summary>Takes a stop back. START ends both scopes under all names of the person, also those not in this message.</summary>
    public static Task RemoveAsync(
        NpgsqlConnection connection,
        IEnumerable<AliasKey> aliases,
        DataSubjectId? subject,
        OptOutScope scope,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            delete from opt_out where scope = $3 and alias_hmac = any (
                select hmac from unnest($1) as w(hmac) union select hmac from vault.alias where subject = $2
            )
            """,
            [Hmacs(aliases), subject?.Value ?? Guid.Empty, scope.ToString()],
            cancellationToken
        );

    /// <summary>The names under which somebody said stop.</summary>
    public static async Task<HashSet<Hash256>> FindAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<AliasKey> aliases,
        CancellationToken cancellationToken
    )
    {
        if (aliases.Count == 0)
            return [];
        var found = await connection.ReadAsync(
            "select alias_hmac from opt_out where scope = 'All' and alias_hmac = any ($1)",
            [Hmacs(aliases)],
            row => Hash256.Of(row.GetFieldValue<byte[]>(0)),
            cancellationToken
        );
        return [.. found];
    }

    /// <summary>A stop goes with the person to their new names.</summary>
    public static Task CarryAsync(
        NpgsqlConnection connection,
        List<AliasKey> from,
        List<AliasKey> to,
        CancellationToken cancellationToken
    ) =>
        connection.RunAsync(
            """
            insert into opt_out (tenant_id, alias_hmac, scope, at)
            select o.tenant_id, w.hmac, o.scope, o.at from opt_out o cross join unnest($2) as w(hmac) where o.alias_hmac = any ($1)
            on conflict do nothing
            """,
            [Hmacs(from), Hmacs(to)],
            cancellationToken
        );

    private static NpgsqlParameter Hmacs(IEnumerable<AliasKey> aliases) => Bytes(aliases.Select(alias => alias.Hmac.ToBytes()));
}
