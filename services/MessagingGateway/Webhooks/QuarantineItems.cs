using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Puts aside what could not be taken in, sealed anew for three days: nothing signed is dropped without a trace.</summary>
internal sealed class QuarantineItems(ContentSealer sealer, TimeProvider clock)
{
    public async Task RunAsync(
        NpgsqlConnection connection,
        List<IncomingTrouble> troubles,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        if (troubles.Count == 0)
            return;
        var ids = troubles.ConvertAll(_ => TypedId.NewGuid(clock));
        var contents = troubles.Select((trouble, i) => sealer.SealRaw(ids[i], trouble.Bytes, WindowClass.Hours72)).ToList();
        await connection.RunAsync(
            """
            insert into quarantine (id, arrived_at, reason, what, tenant_id, epoch, nonce, ciphertext, tag, trace_parent, phone_number_id)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                Uuids(ids),
                Times(troubles.Select(trouble => trouble.ArrivedAt)),
                Texts(troubles.Select(trouble => trouble.Reason)),
                Texts(troubles.Select(trouble => trouble.What)),
                MaybeUuids(troubles.Select(trouble => trouble.Tenant?.Value)),
                Texts(contents.Select(content => content.Epoch)),
                Bytes(contents.Select(content => content.Nonce)),
                Bytes(contents.Select(content => content.Ciphertext)),
                Bytes(contents.Select(content => content.Tag)),
                Texts(troubles.Select(trouble => trouble.TraceParent)),
                Texts(troubles.Select(trouble => trouble.PhoneNumberId)),
            ],
            cancellationToken
        );
        counts.Quarantined.AddRange(troubles.Select(trouble => trouble.Reason));
    }
}
