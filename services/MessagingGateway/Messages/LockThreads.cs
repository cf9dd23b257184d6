using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using static WpAsis.MessagingGateway.Data.SetSql;

namespace WpAsis.MessagingGateway.Messages;

/// <summary>
/// Locks the threads that a transaction changes, in ascending order and before anything else of them is touched, and makes those that
/// are missing. Take-over, opt-out, erasure and the sender meet at the same rows.
/// </summary>
internal sealed class LockThreads(TimeProvider clock)
{
    private const string Columns =
        "t.id, t.channel_id, t.subject, t.mode, t.opted_out, t.version, t.last_sequence, t.window_closes_at, t.last_message_at, "
        + "t.taken_over_at, t.stop_confirmed_at, t.referral_at";

    /// <summary>The threads of these pairs, all threads of persons who gave an order, and those that an answer to an ad concerns.</summary>
    public async Task<List<ThreadState>> RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        IReadOnlyList<(ChannelId Channel, KnownContact Contact)> pairs,
        IReadOnlyList<DataSubjectId> whole,
        IReadOnlyList<ThreadId> answered,
        CancellationToken cancellationToken
    )
    {
        var wanted = pairs.DistinctBy(pair => (pair.Channel, pair.Contact.Subject)).ToList();
        if (wanted.Count + whole.Count + answered.Count == 0)
            return [];
        var threads = await SelectAsync(connection, wanted, whole, answered, cancellationToken);
        var there = threads.Select(thread => (thread.Channel, thread.Subject)).ToHashSet();
        var missing = wanted.FindAll(pair => !there.Contains((pair.Channel, pair.Contact.Subject)));
        if (missing.Count > 0)
        {
            await InsertAsync(connection, tenant, missing, cancellationToken);
            // Read again instead of believed: another transaction may have made one of them.
            threads.AddRange(await SelectAsync(connection, missing, [], [], cancellationToken));
        }
        return threads;
    }

    private static Task<List<ThreadState>> SelectAsync(
        NpgsqlConnection connection,
        List<(ChannelId Channel, KnownContact Contact)> pairs,
        IReadOnlyList<DataSubjectId> whole,
        IReadOnlyList<ThreadId> answered,
        CancellationToken cancellationToken
    ) =>
        connection.ReadAsync(
            $"""
            select {Columns} from thread t where not t.erased and t.id in (
                select o.id from unnest($1, $2) as w(channel_id, subject)
                    join thread o on o.channel_id = w.channel_id and o.subject = w.subject
                union select o.id from thread o where o.subject = any ($3)
                union select o.id from thread o where o.id = any ($4) and o.referral_at is not null
            ) order by t.id for update
            """,
            [
                Uuids(pairs.Select(pair => pair.Channel.Value)),
                Uuids(pairs.Select(pair => pair.Contact.Subject.Value)),
                Uuids(whole.Select(subject => subject.Value)),
                Uuids(answered.Select(thread => thread.Value)),
            ],
            Read,
            cancellationToken
        );

    private async Task InsertAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<(ChannelId Channel, KnownContact Contact)> missing,
        CancellationToken cancellationToken
    )
    {
        var stopped = await RecordOptOut.FindAsync(
            connection,
            missing.SelectMany(pair => pair.Contact.Aliases).ToHashSet(),
            cancellationToken
        );
        await connection.RunAsync(
            """
            insert into thread (tenant_id, id, channel_id, subject, opted_out, mode, erased, version, last_sequence, window_closes_at,
                last_message_at)
            select $1, n.*, 'Assistant', false, 1, 0, $6, $6 from unnest($2, $3, $4, $5) as n(id, channel_id, subject, opted_out)
            on conflict (channel_id, subject) do nothing
            """,
            [
                tenant.Value,
                Uuids(missing.Select(_ => TypedId.NewGuid(clock))),
                Uuids(missing.Select(pair => pair.Channel.Value)),
                Uuids(missing.Select(pair => pair.Contact.Subject.Value)),
                Flags(missing.Select(pair => pair.Contact.Aliases.Any(alias => stopped.Contains(alias.Hmac)))),
                // No window is open and nothing was written yet; the first message moves both forward.
                DateTimeOffset.UnixEpoch,
            ],
            cancellationToken
        );
    }

    private static ThreadState Read(NpgsqlDataReader row) =>
        new()
        {
            Id = new(row.GetGuid(0)),
            Channel = new(row.GetGuid(1)),
            Subject = new(row.GetGuid(2)),
            Mode = Enum.Parse<ThreadMode>(row.GetString(3)),
            OptedOut = row.GetBoolean(4),
            Version = row.GetInt64(5),
            LastSequence = row.GetInt64(6),
            WindowClosesAt = row.GetFieldValue<DateTimeOffset>(7),
            LastMessageAt = row.GetFieldValue<DateTimeOffset>(8),
            TakenOverAt = row.Maybe<DateTimeOffset>(9),
            StopConfirmedAt = row.Maybe<DateTimeOffset>(10),
            ReferralAt = row.Maybe<DateTimeOffset>(11),
        };
}
