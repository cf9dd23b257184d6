using Npgsql;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>Queues the one sentence that answers STOP or a code. It has no turn: so the sender knows that it may still go.</summary>
internal sealed class ConfirmStop(ContentSealer sealer, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public async Task RunAsync(NpgsqlConnection connection, TenantWork work, List<GivenOrder> orders, CancellationToken cancellationToken)
    {
        var stops = orders.FindAll(order => order.Word.Stops || order.Word.CodeHash is not null);
        if (stops.Count == 0)
            return;
        var now = clock.GetUtcNow();
        foreach (var order in stops.Where(order => order.Word.Stops))
            order.Thread.StopConfirmedAt = now;
        var replies = stops.ConvertAll(_ => TypedId.New<ReplyId>(clock));
        var contents = stops.Select((order, i) => Seal(work, order, replies[i])).ToList();
        await connection.RunAsync(
            """
            with queued as (
                insert into send (tenant_id, reply_id, thread_id, channel_id, subject, first_sequence, epoch, nonce, ciphertext, tag,
                    answers, outcome, send_before, state, part, parts, attempts, next_at, resent, created_at)
                select $1, s.*, '{}', $11, $12, 'Queued', 1, 1, 0, $13, false, $13
                from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as s
                returning reply_id, tenant_id, thread_id, channel_id, first_sequence, next_at
            )
            insert into send_route (reply_id, tenant_id, thread_id, channel_id, first_sequence, next_at) select * from queued
            """,
            [
                work.Tenant.Value,
                Uuids(replies.Select(reply => reply.Value)),
                Uuids(stops.Select(order => order.Thread.Id.Value)),
                Uuids(stops.Select(order => order.Thread.Channel.Value)),
                Uuids(stops.Select(order => order.Thread.Subject.Value)),
                Longs(stops.Select(order => order.Thread.LastSequence)),
                Texts(contents.Select(content => content.Epoch)),
                Bytes(contents.Select(content => content.Nonce)),
                Bytes(contents.Select(content => content.Ciphertext)),
                Bytes(contents.Select(content => content.Tag)),
                nameof(ReplyOutcome.Notice),
                now + Patience,
                now,
            ],
            cancellationToken
        );
        await connection.RunAsync("select pg_notify($1, '')", [SendQueued.Channel], cancellationToken);
    }

    private SealedContent Seal(TenantWork work, GivenOrder order, ReplyId reply) =>
        sealer.Seal(
            new ContentAddress(work.Tenant, order.Thread.Id, reply.Value, ReplyContent.Kind),
            work.Window,
            ReplyContent.Of(KeyWords.Confirmation(order.Word), order.Word.Language)
        );
}
