using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>A thread under its row lock, as the intake changes it.</summary>
internal sealed class LockedThread
{
    public required ThreadId Id { get; init; }
    public required ChannelId Channel { get; init; }
    public required DataSubjectId Subject { get; init; }
    public required ThreadMode Mode { get; set; }
    public required bool OptedOut { get; set; }
    public required long Version { get; set; }
    public required long LastSequence { get; set; }
    public required DateTimeOffset WindowClosesAt { get; set; }
    public required DateTimeOffset LastMessageAt { get; set; }
    public required DateTimeOffset? TakenOverAt { get; set; }
    public required DateTimeOffset? StopConfirmedAt { get; set; }

    public long NextSequence() => ++LastSequence;

    /// <summary>A person answers from now on; false when one does already.</summary>
    public bool TakeOver(DateTimeOffset at)
    {
        if (Mode is ThreadMode.Human)
            return false;
        (Mode, TakenOverAt) = (ThreadMode.Human, at);
        Version++;
        return true;
    }

    public ThreadChanged Changed(TenantId tenant, DateTimeOffset now) =>
        new()
        {
            TenantId = tenant,
            ThreadId = Id,
            SubjectId = Subject,
            Version = Version,
            Mode = Mode,
            OptedOut = OptedOut,
            Erased = false,
            At = now,
        };
}

/// <summary>Threads of a batch by number and person.</summary>
internal sealed class LockedThreads : Dictionary<(ChannelId Channel, DataSubjectId Subject), LockedThread>
{
    public long VersionOf(ThreadId thread) => Values.First(locked => locked.Id == thread).Version;
}

/// <summary>Makes the threads that are not there and locks all of them, in ascending order, so that no two batches wait for each other.</summary>
internal sealed class LockThreads(TimeProvider clock)
{
    public async Task<LockedThreads> RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        List<Arrival> arrivals,
        CancellationToken cancellationToken
    )
    {
        var pairs = arrivals.Select(arrival => (arrival.Route.ChannelId, arrival.Contact!.Subject)).Distinct().ToArray();
        var channels = pairs.Select(pair => pair.ChannelId.Value).ToArray();
        var subjects = pairs.Select(pair => pair.Subject.Value).ToArray();
        var now = clock.GetUtcNow();
        await connection.RunAsync(
            """
            insert into thread (id, tenant_id, channel_id, subject, mode, opted_out, erased, version, last_sequence, window_closes_at,
                last_message_at)
            select id, $4, channel_id, subject, 'Assistant', false, false, 1, 0, $5, $5
            from unnest($1, $2, $3) as t(id, channel_id, subject) order by channel_id, subject
            on conflict (channel_id, subject) do nothing
            """,
            [pairs.Select(_ => TypedId.NewGuid(clock)).ToArray(), channels, subjects, tenant.Value, now],
            cancellationToken
        );
        var rows = await connection.ReadAsync(
            """
            select t.id, t.channel_id, t.subject, t.mode, t.opted_out, t.version, t.last_sequence, t.window_closes_at, t.last_message_at,
                t.taken_over_at, t.stop_confirmed_at
            from thread t join unnest($1, $2) as asked(channel_id, subject) using (channel_id, subject)
            order by t.id for update of t
            """,
            [channels, subjects],
            Read,
            cancellationToken
        );
        var threads = new LockedThreads();
        foreach (var row in rows)
            threads[(row.Channel, row.Subject)] = row;
        return threads;
    }

    /// <summary>Writes what the batch made of them.</summary>
    public static async Task SaveAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<LockedThread> threads,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(
            """
            update thread set mode = t.mode, opted_out = t.opted_out, version = t.version, last_sequence = t.last_sequence,
                window_closes_at = t.window_closes_at, last_message_at = t.last_message_at, taken_over_at = t.taken_over_at,
                stop_confirmed_at = t.stop_confirmed_at
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as t(id, mode, opted_out, version, last_sequence, window_closes_at,
                last_message_at, taken_over_at, stop_confirmed_at)
            where thread.id = t.id
            """,
            threads.Select(thread => thread.Id.Value).ToArray(),
            threads.Select(thread => thread.Mode.ToString()).ToArray(),
            threads.Select(thread => thread.OptedOut).ToArray(),
            threads.Select(thread => thread.Version).ToArray(),
            threads.Select(thread => thread.LastSequence).ToArray(),
            threads.Select(thread => thread.WindowClosesAt).ToArray(),
            threads.Select(thread => thread.LastMessageAt).ToArray(),
            threads.Select(thread => thread.TakenOverAt).ToArray(),
            threads.Select(thread => thread.StopConfirmedAt).ToArray()
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static LockedThread Read(NpgsqlDataReader row) =>
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
            TakenOverAt = row.Maybe<DateTimeOffset>("taken_over_at"),
            StopConfirmedAt = row.Maybe<DateTimeOffset>("stop_confirmed_at"),
        };
}
