using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>A thread as its customer sees it: who, how it stands, and nothing of what was said.</summary>
internal sealed record ThreadResponse
{
    public required ThreadId Id { get; init; }

    public required ChannelId ChannelId { get; init; }

    /// <summary>The name the contact goes by, where they have one.</summary>
    [PersonName]
    public string? ContactName { get; init; }

    public required ThreadMode Mode { get; init; }

    public required bool OptedOut { get; init; }

    public required DateTimeOffset WindowClosesAt { get; init; }

    public required DateTimeOffset LastMessageAt { get; init; }

    public required long Version { get; init; }

    /// <summary>The assistant said that a person would come, and none has answered yet, though they still can.</summary>
    public required bool NeedsPerson { get; init; }
}

/// <summary>Which threads are listed.</summary>
internal sealed record ThreadFilter(ThreadMode? Mode = null, bool NeedsPerson = false, bool Open = false);

/// <summary>Reads threads with their contacts' names.</summary>
internal static class ReadThreads
{
    private const string Columns = """
        t.id, t.channel_id, t.subject, t.mode, t.opted_out, t.window_closes_at, t.last_message_at, t.version, c.display_name, n.needs_person
        """;

    // A hand-over stands until something was sent after it. Days bound the search: a window is open for three at most.
    private const string From = """
        from thread t left join contact c on c.subject = t.subject cross join lateral (
            select not t.opted_out and t.window_closes_at > $1 and exists (
                select 1 from send s
                where s.thread_id = t.id and s.outcome = 'HandOver' and s.created_at > $1 - interval '3 days'
                    and coalesce(s.drop_reason, '') <> 'Revoked' and not exists (
                        select 1 from message_log m
                        where m.thread_id = t.id and m.direction = 'Outbound' and m.arrived_at > s.created_at
                    )
            ) as needs_person
        ) n
        """;

    /// <summary>One thread; null when it is not this tenant's, or its contact was erased.</summary>
    public static async Task<ThreadResponse?> FindAsync(
        GatewayDbContext db,
        Vault vault,
        ThreadId thread,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await db.Connection()
            .ReadAsync($"select {Columns} {From} where t.id = $2 and not t.erased", [now, thread.Value], Row.Read, cancellationToken);
        return (await NameAsync(db, vault, rows, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A page of threads, the latest message first; one more than the limit tells that there is a next page.</summary>
    public static async Task<List<ThreadResponse>> ListAsync(
        GatewayDbContext db,
        Vault vault,
        ThreadFilter filter,
        DateTimeOffset now,
        PageCursor after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await db.Connection()
            .ReadAsync(
                $"""
                select {Columns} {From}
                where not t.erased and t.last_minute <= $8
                    and (t.last_message_at, t.id) < ($2, $3) and ($5::text is null or t.mode = $5)
                    and (not $6 or t.window_closes_at > $1) and (not $7 or n.needs_person)
                order by t.last_minute desc, t.last_message_at desc, t.id desc limit $4
                """,
                [
                    now,
                    after.At,
                    after.Id,
                    limit + 1,
                    filter.Mode?.ToString(),
                    filter.Open || filter.NeedsPerson,
                    filter.NeedsPerson,
                    after.At.ToUnixTimeSeconds() / 60,
                ],
                Row.Read,
                cancellationToken
            );
        return await NameAsync(db, vault, rows, cancellationToken);
    }

    private static async Task<List<ThreadResponse>> NameAsync(
        GatewayDbContext db,
        Vault vault,
        List<Row> rows,
        CancellationToken cancellationToken
    )
    {
        var named = rows.Where(row => row.Name is not null).Select(row => row.Subject).ToList();
        var keys = named.Count == 0 ? null : await vault.OpenSubjectKeysAsync(db, named, cancellationToken);
        return rows.ConvertAll(row =>
        {
            var key = row.Name is not null && keys is not null ? keys[row.Subject] : null;
            return row.Thread with { ContactName = key?.Unseal(SealedColumns.ContactDisplayName, row.Name!) };
        });
    }

    private sealed record Row(ThreadResponse Thread, DataSubjectId Subject, SealedText? Name)
    {
        public static Row Read(NpgsqlDataReader row) =>
            new(
                new ThreadResponse
                {
                    Id = new(row.Value<Guid>("id")),
                    ChannelId = new(row.Value<Guid>("channel_id")),
                    Mode = Enum.Parse<ThreadMode>(row.Value<string>("mode")),
                    OptedOut = row.Value<bool>("opted_out"),
                    WindowClosesAt = row.Value<DateTimeOffset>("window_closes_at"),
                    LastMessageAt = row.Value<DateTimeOffset>("last_message_at"),
                    Version = row.Value<long>("version"),
                    NeedsPerson = row.Value<bool>("needs_person"),
                },
                new(row.Value<Guid>("subject")),
                row.MaybeObject<byte[]>("display_name") is { } name ? SealedText.FromBytes(name) : null
            );
    }
}
