using System.Globalization;
using System.Text.Json;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Texts;
using WpAsis.MessagingGateway.Threads;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Contacts;

/// <summary>STOP ends everything automated in a thread after one confirmation that says how to come back; START ends STOP.</summary>
internal sealed class ChangeOptOut(AliasIndex aliases, ContentSealer sealer, TimeProvider clock)
{
    private static readonly TimeSpan ConfirmAtMostEvery = TimeSpan.FromHours(24);
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromMinutes(15);

    /// <summary>True when the thread changed; a repeated word changes nothing.</summary>
    public async Task<bool> RunAsync(
        GatewayDbContext db,
        TenantId tenant,
        Arrival arrival,
        LockedThread thread,
        KeyWord word,
        CancellationToken cancellationToken
    )
    {
        var stops = word is KeyWord.Stop;
        await RememberAsync(db, tenant, arrival.Person.Names, "All", stops, cancellationToken);
        if (thread.OptedOut == stops)
            return false;
        thread.OptedOut = stops;
        thread.Version++;
        if (stops && !(thread.StopConfirmedAt > clock.GetUtcNow() - ConfirmAtMostEvery))
        {
            thread.StopConfirmedAt = clock.GetUtcNow();
            await ConfirmAsync(db, tenant, arrival, thread, cancellationToken);
        }
        return true;
    }

    /// <summary>Keeps or forgets a wish by the keyed hashes of all the names it was said under: it survives erasure.</summary>
    public async Task RememberAsync(
        GatewayDbContext db,
        TenantId tenant,
        PersonNames person,
        string scope,
        bool stops,
        CancellationToken cancellationToken
    )
    {
        var hmacs = aliases.Of(tenant, person).Own.Select(alias => alias.Hmac).ToArray();
        await db.Connection()
            .RunAsync(
                stops
                    ? "insert into opt_out (tenant_id, alias_hmac, scope, at) select $1, h, $3, $4 from unnest($2) as h on conflict do nothing"
                    : "delete from opt_out where tenant_id = $1 and alias_hmac = any ($2) and scope = $3 and at <= $4",
                [tenant.Value, hmacs, scope, clock.GetUtcNow()],
                cancellationToken
            );
    }

    // A send row without a turn is the one text that still goes after STOP.
    private async Task ConfirmAsync(
        GatewayDbContext db,
        TenantId tenant,
        Arrival arrival,
        LockedThread thread,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var reply = TypedId.New<ReplyId>(clock);
        var turkish = arrival.Item is InboundItem { Text: { } text } && text.Trim().StartsWith("d", StringComparison.OrdinalIgnoreCase);
        var words = StopTexts.Confirmation(CultureInfo.GetCultureInfo(turkish ? "tr" : "en"));
        var json = JsonSerializer.SerializeToUtf8Bytes(new { text = words, language = turkish ? "tr" : "en" });
        var content = sealer.Seal(new(tenant, thread.Id, reply.Value, "reply"), arrival.Route.Window, json);
        var connection = db.Connection();
        await connection.RunAsync(
            """
            insert into send (tenant_id, reply_id, thread_id, channel_id, subject, first_sequence, answers, outcome, send_before, state, part,
                parts, attempts, next_at, resent, epoch, nonce, ciphertext, tag, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'Queued', 1, 1, 0, $10, false, $11, $12, $13, $14, $10)
            """,
            [
                tenant.Value,
                reply.Value,
                thread.Id.Value,
                thread.Channel.Value,
                thread.Subject.Value,
                thread.LastSequence,
                new[] { arrival.Id.Value },
                nameof(ReplyOutcome.Notice),
                now + ConfirmWithin,
                now,
                content.Epoch,
                content.Nonce,
                content.Ciphertext,
                content.Tag,
            ],
            cancellationToken
        );
        await connection.RunAsync(
            "insert into send_route (reply_id, tenant_id, thread_id, channel_id, first_sequence, next_at) values ($1, $2, $3, $4, $5, $6)",
            [reply.Value, tenant.Value, thread.Id.Value, thread.Channel.Value, thread.LastSequence, now],
            cancellationToken
        );
        await connection.RunAsync("select pg_notify('send', '')", [], cancellationToken);
    }
}
