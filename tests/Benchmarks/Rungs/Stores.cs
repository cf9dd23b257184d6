using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using NpgsqlTypes;

namespace WpAsis.Benchmarks.Rungs;

/// <summary>Stores nothing: what Kestrel, the HMAC and the parse cost by themselves.</summary>
internal sealed class BareStore : IRungStore
{
    public Task SaveAsync(PayloadMessage message) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What most people write: EF, two rows, SaveChanges per request.</summary>
internal sealed class EfStore(string connectionString) : IRungStore
{
    private readonly PooledDbContextFactory<LadderDbContext> _contexts = new(
        new DbContextOptionsBuilder<LadderDbContext>().UseNpgsql(connectionString).Options
    );

    public async Task SaveAsync(PayloadMessage message)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        db.Add(
            new MessageRow
            {
                Wamid = message.Id,
                Contact = message.From,
                ArrivedAt = TimeProvider.System.GetUtcNow(),
            }
        );
        db.Add(new OutgoingRow { Body = message.Id });
        await db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>One statement per request, outbox row included.</summary>
internal sealed class StatementStore(NpgsqlDataSource source) : IRungStore
{
    private const string Sql =
        "with m as (insert into message (wamid, contact, arrived_at) values ($1, $2, $3) on conflict do nothing returning wamid) "
        + "insert into outgoing (body) select wamid from m";

    public async Task SaveAsync(PayloadMessage message)
    {
        await using var command = source.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = message.Id });
        command.Parameters.Add(new() { Value = message.From });
        command.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow() });
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A sketch of coalescing: one writer, one statement and one commit for all who wait, at most 512.</summary>
internal sealed class CoalescedStore : IRungStore
{
    private const int Most = 512;

    private const string Sql =
        "with m as (insert into message (wamid, contact, arrived_at) select * from unnest($1, $2, $3) "
        + "on conflict do nothing returning wamid) insert into outgoing (body) select wamid from m";

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(10_000);
    private readonly NpgsqlDataSource _source;
    private readonly Task _writer;

    public CoalescedStore(NpgsqlDataSource source)
    {
        _source = source;
        _writer = WriteAsync();
    }

    public async Task SaveAsync(PayloadMessage message)
    {
        var waiting = new Waiting(message, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(waiting);
        await waiting.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(Most);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < Most && _queue.Reader.TryRead(out var next))
                batch.Add(next);
            var now = TimeProvider.System.GetUtcNow();
            await using var command = _source.CreateCommand(Sql);
            command.Parameters.Add(new() { Value = batch.Select(item => item.Message.Id).ToArray() });
            command.Parameters.Add(new() { Value = batch.Select(item => item.Message.From).ToArray() });
            command.Parameters.Add(
                new() { Value = batch.Select(_ => now).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz }
            );
            await command.ExecuteNonQueryAsync();
            foreach (var item in batch)
                item.Done.SetResult();
        }
    }

    private sealed record Waiting(PayloadMessage Message, TaskCompletionSource Done);
}

internal sealed class LadderDbContext(DbContextOptions<LadderDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MessageRow>(row =>
        {
            row.ToTable("message").HasKey(message => message.Wamid);
            row.Property(message => message.Wamid).HasColumnName("wamid");
            row.Property(message => message.Contact).HasColumnName("contact");
            row.Property(message => message.ArrivedAt).HasColumnName("arrived_at");
        });
        modelBuilder.Entity<OutgoingRow>(row =>
        {
            row.ToTable("outgoing").HasKey(outgoing => outgoing.Id);
            row.Property(outgoing => outgoing.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            row.Property(outgoing => outgoing.Body).HasColumnName("body");
        });
    }
}

internal sealed class MessageRow
{
    public required string Wamid { get; init; }
    public required string Contact { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }
}

internal sealed class OutgoingRow
{
    public long Id { get; init; }
    public required string Body { get; init; }
}
