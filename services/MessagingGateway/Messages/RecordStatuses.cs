using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Vault;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>
/// Delivery states, which come late, repeated, in any order and before our own call has returned. A state never goes back, failed is
/// final, and each state keeps its own first time. Any state that carries our id settles a send of unknown outcome.
/// </summary>
internal sealed class RecordStatuses(AliasIndex aliases, Vault vault, SendMetrics sends, TimeProvider clock)
{
    private const int MarketingStopped = 131050;
    private static readonly TimeSpan AnswerToAd = TimeSpan.FromHours(24);
    private static readonly TimeSpan WindowOfAd = TimeSpan.FromHours(72);

    /// <summary>The messages that states are about, found by Meta's id or by ours.</summary>
    public static async Task<List<MessageStates>> FindAsync(
        NpgsqlConnection connection,
        TenantWork work,
        References references,
        WrittenCounts counts,
        CancellationToken cancellationToken
    )
    {
        counts.Statuses += work.Statuses.Count;
        if (work.Statuses.Count == 0)
            return [];
        var byId = await FindSendsAsync(connection, work, cancellationToken);
        var found = new Dictionary<MessageId, MessageStates>();
        foreach (var status in work.Statuses)
        {
            var keyed = references.Find(status, status.Wamid);
            var message = keyed ?? (status.OurId is { } ours && byId.TryGetValue(ours, out var send) ? send : null);
            if (message is not { } known)
            {
                counts.UnmatchedStatuses++;
                continue;
            }
            if (!found.TryGetValue(known.Id, out var states))
                states = found[known.Id] = new MessageStates(known);
            states.Add(status, keyed is null ? references.KeyOf(status, status.Wamid) : null);
        }
        await ReadRowsAsync(connection, found, cancellationToken);
        // What is not this tenant's, or not in the log any more, is nobody's.
        counts.UnmatchedStatuses += found.Values.Count(states => states.Thread is null);
        return [.. found.Values.Where(states => states.Thread is not null)];
    }

    /// <summary>Settles sends and moves states on. The threads that an answer to an ad concerns are locked.</summary>
    public async Task RecordAsync(
        NpgsqlConnection connection,
        TenantWork work,
        List<MessageStates> found,
        List<ThreadState> threads,
        BatchMessages bus,
        CancellationToken cancellationToken
    )
    {
        await StopMarketingAsync(connection, work, cancellationToken);
        if (found.Count == 0)
            return;
        KeepWindowOpen(found, threads);
        found.Sort((one, other) => one.Message.Id.Value.CompareTo(other.Message.Id.Value));
        await RecordAcceptance.RunAsync(
            connection,
            work.Tenant,
            [.. found.Select(states => states.Message.Id)],
            [.. found.Select(states => states.First)],
            sends,
            clock,
            cancellationToken
        );
        await KeepWamidsAsync(connection, found.FindAll(states => states.NewKey is not null), cancellationToken);
        await UpdateStates.RunAsync(connection, work.Tenant, found, bus, cancellationToken);
    }

    // An answer within a day to somebody who came by an ad keeps the window open for three.
    private static void KeepWindowOpen(List<MessageStates> found, List<ThreadState> threads)
    {
        foreach (var thread in threads.Where(thread => thread.ReferralAt is not null))
        {
            var since = thread.ReferralAt!.Value;
            if (!found.Exists(states => states.Thread == thread.Id && states.First >= since && states.First <= since + AnswerToAd))
                continue;
            if (since + WindowOfAd > thread.WindowClosesAt)
                thread.WindowClosesAt = since + WindowOfAd;
            thread.ReferralAt = null;
        }
    }

    private static async Task<Dictionary<MessageId, KeyedMessage>> FindSendsAsync(
        NpgsqlConnection connection,
        TenantWork work,
        CancellationToken cancellationToken
    )
    {
        var ours = work.Statuses.Where(status => status.OurId is not null).Select(status => status.OurId!.Value.Value).Distinct().ToArray();
        if (ours.Length == 0)
            return [];
        var rows = await connection.ReadAsync(
            "select message_id, created_at from send where message_id = any ($1)",
            [Uuids(ours)],
            row => new KeyedMessage(new(row.GetGuid(0)), row.GetFieldValue<DateTimeOffset>(1)),
            cancellationToken
        );
        return rows.DistinctBy(row => row.Id).ToDictionary(row => row.Id);
    }

    private static async Task ReadRowsAsync(
        NpgsqlConnection connection,
        Dictionary<MessageId, MessageStates> found,
        CancellationToken cancellationToken
    )
    {
        if (found.Count == 0)
            return;
        var rows = await connection.ReadAsync(
            """
            select m.id, m.thread_id, m.subject from unnest($1, $2) as w(id, arrived_at)
            join message_log m on m.arrived_at = w.arrived_at and m.id = w.id
            where m.arrived_at between $3 and $4 and m.direction = 'Outbound'
            """,
            [
                Uuids(found.Keys.Select(id => id.Value)),
                Times(found.Values.Select(states => states.Message.ArrivedAt)),
                found.Values.Min(states => states.Message.ArrivedAt),
                found.Values.Max(states => states.Message.ArrivedAt),
            ],
            row => (Id: new MessageId(row.GetGuid(0)), Thread: new ThreadId(row.GetGuid(1)), Subject: new DataSubjectId(row.GetGuid(2))),
            cancellationToken
        );
        foreach (var row in rows)
            (found[row.Id].Thread, found[row.Id].Subject) = (row.Thread, row.Subject);
    }

    // A message whose call never returned is known by Meta's id from its first state on.
    private async Task KeepWamidsAsync(NpgsqlConnection connection, List<MessageStates> found, CancellationToken cancellationToken)
    {
        if (found.Count == 0)
            return;
        await connection.RunAsync(
            """
            insert into message_key (phone_number_id, wamid_hmac, message_id, arrived_at) select * from unnest($1, $2, $3, $4)
            on conflict do nothing
            """,
            [
                Texts(found.Select(states => states.NewKey!.Value.PhoneNumberId)),
                Bytes(found.Select(states => states.NewKey!.Value.Hmac.ToBytes())),
                Uuids(found.Select(states => states.Message.Id.Value)),
                Times(found.Select(states => states.Message.ArrivedAt)),
            ],
            cancellationToken
        );
        var keys = await connection.ReadAsync(
            "select subject, wrapped, kek_epoch from vault.subject_key where subject = any ($1) and state = 'Active'",
            [Uuids(found.Select(states => states.Subject.Value).Distinct())],
            row => (Subject: new DataSubjectId(row.GetGuid(0)), Wrapped: row.GetFieldValue<byte[]>(1), Epoch: row.GetInt32(2)),
            cancellationToken
        );
        var bySubject = keys.ToDictionary(key => key.Subject, key => vault.Unwrap(key.Subject, key.Wrapped, key.Epoch));
        foreach (var states in found.Where(states => bySubject.ContainsKey(states.Subject)))
            states.SealedWamid = bySubject[states.Subject].Seal(SealedColumns.MessageWamid, states.Wamid.Reveal()).ToBytes();
    }

    private async Task StopMarketingAsync(NpgsqlConnection connection, TenantWork work, CancellationToken cancellationToken)
    {
        var refusing = work
            .Statuses.Where(status => status is { Status: MessageStatus.Failed, ErrorCode: MarketingStopped })
            .SelectMany(status => aliases.Identifying(work.Tenant, status.Recipient))
            .ToHashSet();
        if (refusing.Count > 0)
            await RecordOptOut.AddAsync(connection, work.Tenant, refusing, OptOutScope.Marketing, clock.GetUtcNow(), cancellationToken);
    }
}
