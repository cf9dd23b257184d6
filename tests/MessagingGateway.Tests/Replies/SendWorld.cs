using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Tests.Replies;

/// <summary>A tenant with a connected number, a stub of Meta and as many senders as a test wants.</summary>
internal sealed class SendWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static int _numbers;
    private readonly SendFixture _fixture;
    private readonly List<SendHost> _hosts = [];
    private readonly TimeSpan _graphTimeout;

    private SendWorld(SendFixture fixture, StubGraph graph, TimeSpan graphTimeout)
    {
        _fixture = fixture;
        Graph = graph;
        _graphTimeout = graphTimeout;
    }

    public StubGraph Graph { get; }

    public FakeTimeProvider Clock { get; } = new(Noon);

    public TenantId Tenant { get; } = TypedId.New<TenantId>(TimeProvider.System);

    public ChannelId Channel { get; private set; }

    public string PhoneNumberId { get; private set; } = "";

    public SendHost Host => _hosts[0];

    public static async Task<SendWorld> CreateAsync(SendFixture fixture, TimeSpan? graphTimeout = null, Uri? bus = null)
    {
        var world = new SendWorld(fixture, await StubGraph.StartAsync(), graphTimeout ?? TimeSpan.FromSeconds(10));
        await world.AddHostAsync(bus);
        var partitions = world.Host.Services.GetRequiredService<KeepDayPartitions<GatewayDbContext>>();
        await partitions.EnsureAsync(TestContext.Current.CancellationToken);
        (world.Channel, world.PhoneNumberId) = await world.ConnectAsync();
        await world.RunAsync("truncate outbox");
        // A status that is missing must not be put down to the start of the process.
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        return world;
    }

    /// <summary>One more replica, or a new one after a crash.</summary>
    public async Task<SendHost> AddHostAsync(Uri? bus = null)
    {
        var host = await SendHost.StartAsync(_fixture, Graph.Url, Clock, _graphTimeout, bus);
        _hosts.Add(host);
        return host;
    }

    public Task<(ChannelId Channel, string PhoneNumberId)> ConnectAsync() => ConnectAsync("100" + Interlocked.Increment(ref _numbers));

    public Task ConnectAgainAsync() => ConnectAsync(PhoneNumberId);

    private async Task<(ChannelId Channel, string PhoneNumberId)> ConnectAsync(string id)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var channel = await scope
            .ServiceProvider.GetRequiredService<StoreChannel>()
            .ConnectAsync(Tenant, new(id, "waba-" + id, "token-" + id), new GraphNumber(id, "+90 212 000 00 00", "Örnek"), Stop);
        return (channel!.Id, id);
    }

    /// <summary>A contact with an open window.</summary>
    public async Task<TestThread> AddThreadAsync(string? waId = "905550000001", string? userId = null)
    {
        var thread = new TestThread(TypedId.New<ThreadId>(Clock), DataSubjectId.New());
        var vault = Host.Services.GetRequiredService<Vault>();
        await using var db = Host.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        await db.InTenantAsync(
            Tenant,
            async (inner, token) =>
            {
                var key = await vault.CreateSubjectKeyAsync(inner, thread.Subject, Tenant, token);
                var connection = inner.Connection();
                await connection.RunAsync(
                    """
                    insert into contact (subject, tenant_id, wa_id, business_scoped_user_id, display_name, created_at, last_message_at)
                    values ($1, $2, $3, $4, $5, $6, $6)
                    """,
                    [
                        thread.Subject.Value,
                        Tenant.Value,
                        waId is null ? null : key.Seal(SealedColumns.ContactWaId, waId).ToBytes(),
                        userId is null ? null : key.Seal(SealedColumns.ContactUserId, userId).ToBytes(),
                        key.Seal(SealedColumns.ContactDisplayName, "Ayşe Yılmaz").ToBytes(),
                        Clock.GetUtcNow(),
                    ],
                    token
                );
                await connection.RunAsync(
                    """
                    insert into thread (id, tenant_id, channel_id, subject, mode, opted_out, erased, version, last_sequence,
                        window_closes_at, last_message_at)
                    values ($1, $2, $3, $4, 'Assistant', false, false, 1, 1, $5, $6)
                    """,
                    [thread.Id.Value, Tenant.Value, Channel.Value, thread.Subject.Value, Clock.GetUtcNow().AddHours(24), Clock.GetUtcNow()],
                    token
                );
            },
            Stop
        );
        return thread;
    }

    /// <summary>An answer as the responder would send it.</summary>
    public ReplyGenerated Make(
        TestThread thread,
        string text,
        long sequence = 1,
        TimeSpan? sendWithin = null,
        IReadOnlyList<string>? suggested = null
    )
    {
        var id = TypedId.New<ReplyId>(Clock);
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                text,
                language = "tr",
                copyBlocks = Array.Empty<string>(),
                suggestedReplies = suggested ?? [],
            }
        );
        var address = new ContentAddress(Tenant, thread.Id, id.Value, "reply");
        return new ReplyGenerated
        {
            TenantId = Tenant,
            ReplyId = id,
            UsageId = TypedId.New<UsageId>(Clock),
            TurnId = TypedId.New<TurnId>(Clock),
            ChannelId = Channel,
            ThreadId = thread.Id,
            SubjectId = thread.Subject,
            FirstSequence = sequence,
            Answers = [],
            Outcome = ReplyOutcome.Answered,
            SendBefore = Clock.GetUtcNow() + (sendWithin ?? TimeSpan.FromMinutes(15)),
            Content = Host.Services.GetRequiredService<ContentSealer>().Seal(address, WindowClass.Hours24, json),
        };
    }

    /// <summary>Queues such an answer.</summary>
    public async Task<ReplyGenerated> QueueAsync(
        TestThread thread,
        string text,
        long sequence = 1,
        TimeSpan? sendWithin = null,
        Func<ReplyGenerated, ReplyGenerated>? bend = null,
        IReadOnlyList<string>? suggested = null
    )
    {
        var reply = Make(thread, text, sequence, sendWithin, suggested);
        reply = bend?.Invoke(reply) ?? reply;
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        await db.InTenantAsync(
            Tenant,
            (inner, token) => QueueReply.RunAsync(inner.Connection(), NewSend.Of(reply), Clock.GetUtcNow(), token),
            Stop
        );
        return reply;
    }

    public Task SendAsync() => Host.Sender.DrainAsync(Stop);

    /// <summary>Moves the clock step by step and lets all senders work at each.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Clock.Advance(step);
            await Task.WhenAll(_hosts.Select(host => host.Sender.DrainAsync(Stop)));
        }
    }

    /// <summary>A status that carries our id, as part of the intake hands it over.</summary>
    public async Task StatusAsync(MessageId message, DateTimeOffset at)
    {
        await using var db = Host.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        await db.InTenantAsync(
            Tenant,
            (inner, token) => RecordAcceptance.RunAsync(inner.Connection(), Tenant, [message], [at], Host.Metrics, Clock, token),
            Stop
        );
    }

    /// <summary>What was published, in order, by name.</summary>
    public async Task<List<(string Type, JsonElement Body)>> PublishedAsync()
    {
        var rows = await ReadAsync("select type, body from outbox order by id", row => (row.GetString(0), row.GetFieldValue<byte[]>(1)));
        return rows.ConvertAll(row => (row.Item1, JsonSerializer.Deserialize<JsonElement>(row.Item2)));
    }

    /// <summary>The final word on a reply: accepted, or the reason of its drop; null while it is open.</summary>
    public async Task<string?> OutcomeAsync(ReplyGenerated reply)
    {
        var words =
            from message in await PublishedAsync()
            where message.Body.TryGetProperty("replyId", out var id) && id.GetString() == reply.ReplyId.ToString()
            select message.Type == "MessagingGateway:ReplyAccepted" ? "Accepted" : message.Body.GetProperty("reason").GetString();
        return words.SingleOrDefault();
    }

    public async Task<string> StateAsync(ReplyGenerated reply) =>
        (await ReadAsync($"select state from send where reply_id = '{reply.ReplyId.Value}'", row => row.GetString(0))).Single();

    public async Task RunAsync(string sql)
    {
        await using var command = _fixture.Everything.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    public async Task<List<TRow>> ReadAsync<TRow>(string sql, Func<NpgsqlDataReader, TRow> row)
    {
        await using var connection = await _fixture.Everything.OpenConnectionAsync(Stop);
        return await connection.ReadAsync(sql, [], row, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await Graph.DisposeAsync();
        await RunAsync("truncate send, send_route, outbox, intake");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}

internal sealed record TestThread(ThreadId Id, DataSubjectId Subject);
