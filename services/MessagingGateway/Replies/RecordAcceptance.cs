using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>
/// WhatsApp took messages of ours: the API returned an id, or a status carried ours, whichever came first and however often.
/// Set-wise, in the caller's transaction, for one tenant that the caller has named; a second time changes nothing.
/// </summary>
internal static class RecordAcceptance
{
    /// <summary>
    /// Settles the sends of these messages: a last part ends its reply, an earlier one lets the next part go, and the first one
    /// publishes <see cref="ReplyAccepted"/>, or <see cref="HumanReplied"/> where a person wrote it: only now the contact has it.
    /// What was to be said is deleted with the last part, and a reply that promises a person gives the thread to one.
    /// </summary>
    /// <param name="connection">In the caller's transaction.</param>
    /// <param name="tenant">The tenant of all of them.</param>
    /// <param name="messages">Our ids; those of other messages are ignored.</param>
    /// <param name="at">When each was taken, as far as it is known: Meta's time of the status.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        MessageId[] messages,
        DateTimeOffset[] at,
        SendMetrics metrics,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (messages.Length == 0)
            return;
        var ids = messages.Select(message => message.Value).ToArray();
        await LockHandedOverAsync(connection, ids, cancellationToken);
        metrics.Doubled(await CountDoubledAsync(connection, ids, at, cancellationToken));
        var settled = await SettleAsync(connection, ids, at, clock.GetUtcNow(), cancellationToken);
        if (settled.Count == 0)
            return;

        var final = settled.Where(send => send.IsFinal).Select(send => send.Reply.Value).ToArray();
        await connection.RunAsync("delete from send_route where reply_id = any ($1)", [final], cancellationToken);
        var threads = settled.Select(send => send.Thread.Value).Distinct().ToArray();
        await FinishSend.WakeNextAsync(connection, threads, clock.GetUtcNow(), cancellationToken);
        await connection.RunAsync("select pg_notify('send', '')", [], cancellationToken);
        var first = settled.Where(send => send.IsFirst && send.Account is null).Select(send => send.Accepted(tenant)).ToArray();
        metrics.Accepted(settled.Count(send => send.IsFirst));
        await connection.PublishAsync(first, clock, cancellationToken);
        var human = settled.Where(send => send.IsFirst && send.Account is not null).Select(send => send.Human(tenant));
        await connection.PublishAsync(human, clock, cancellationToken);
        foreach (var send in settled.Where(send => send is { IsFinal: true, HandsOver: true }).OrderBy(send => send.Thread.Value))
            await SetMode.RunAsync(connection, tenant, send.Thread, ThreadMode.Human, clock, cancellationToken);
    }

    // The same order of locks as in the claim: thread, then send.
    private static Task<int> LockHandedOverAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken) =>
        connection.RunAsync(
            """
            select 1 from thread where id in (select thread_id from send where message_id = any ($1) and outcome = 'HandOver')
            order by id for update
            """,
            [ids],
            cancellationToken
        );

    private static Task<List<SettledSend>> SettleAsync(
        NpgsqlConnection connection,
        Guid[] ids,
        DateTimeOffset[] at,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        connection.ReadAsync(
            """
            with seen as (select message_id, min(at) as at from unnest($1, $2) as s(message_id, at) group by message_id),
            open as (
                select send.reply_id, send.part, send.message_id, seen.at, send.epoch, send.nonce, send.ciphertext, send.tag
                from send join seen on seen.message_id = send.message_id
                where send.state in ('Queued', 'Sending', 'Unknown') order by send.reply_id for update of send
            )
            update send set
                state = case when send.part < send.parts then 'Queued' else 'Accepted' end,
                part = case when send.part < send.parts then send.part + 1 else send.part end,
                message_id = case when send.part < send.parts then null else send.message_id end,
                called_at = case when send.part < send.parts then null else send.called_at end,
                attempts = case when send.part < send.parts then 0 else send.attempts end,
                resent = case when send.part < send.parts then false else send.resent end,
                next_at = $3,
                finished_at = case when send.part < send.parts then null else $3 end,
                epoch = case when send.part < send.parts then send.epoch end,
                nonce = case when send.part < send.parts then send.nonce end,
                ciphertext = case when send.part < send.parts then send.ciphertext end,
                tag = case when send.part < send.parts then send.tag end
            from open where send.reply_id = open.reply_id
            returning send.reply_id, send.usage_id, send.account_id, send.thread_id, send.subject, open.message_id, open.at,
                open.part = 1 as is_first, send.state = 'Accepted' as is_final, send.outcome = 'HandOver' as hands_over,
                open.epoch, open.nonce,
                case when send.account_id is not null then open.ciphertext end as ciphertext, open.tag
            """,
            [ids, at, now],
            SettledSend.Read,
            cancellationToken
        );

    // A status of a time before the second call is about the first one: then both were taken. Meta's times are whole seconds.
    private static async Task<int> CountDoubledAsync(
        NpgsqlConnection connection,
        Guid[] ids,
        DateTimeOffset[] at,
        CancellationToken cancellationToken
    )
    {
        var doubled = await connection.ReadAsync(
            """
            update send set resent = false from unnest($1, $2) as seen(message_id, at)
            where send.message_id = seen.message_id and send.resent and send.state in ('Accepted', 'Sending', 'Unknown')
                and seen.at + interval '1 second' < send.called_at
            returning send.reply_id
            """,
            [ids, at],
            row => row.GetGuid(0),
            cancellationToken
        );
        return doubled.Count;
    }
}
