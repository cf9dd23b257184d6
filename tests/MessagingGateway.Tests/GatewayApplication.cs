using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Tests.Operators;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Sweeping;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests;

/// <summary>
/// The gateway in memory with a database of its own and the test's clock. The writer runs; the sweepers run when the test says so, so
/// that what a test sees is what it caused. The bus is not started: what would be published is read from the outbox.
/// </summary>
internal sealed class GatewayApplication : WebApplicationFactory<GatewayDbContext>
{
    public const string AppSecret = "an app secret of the tests";
    public const string SecondSecret = "the next app secret of the tests";
    public const string VerifyToken = "a verify token of the tests";
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);
    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _everything;
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-").FullName;
    private readonly bool _sweeps;

    private GatewayApplication(TestDatabase database, string superuser, bool sweeps)
    {
        _database = database;
        _sweeps = sweeps;
        var all = new NpgsqlConnectionStringBuilder(superuser) { Database = database.Name, MaxPoolSize = 5 };
        _everything = NpgsqlDataSource.Create(all.ConnectionString);
    }

    public FakeTimeProvider Clock { get; } = new(Start);

    public string DatabaseName => _database.Name;

    public CapturedLogs Logs { get; } = new();

    public Sender Sender => new(CreateClient(), Clock);

    public ContentSealer Sealer => Services.GetRequiredService<ContentSealer>();

    public static async Task<GatewayApplication> StartAsync(SharedServers servers, bool sweeps = false)
    {
        var database = await servers.CreateDatabaseAsync("messaging-gateway", "MessagingGateway.Tests", Stop);
        var application = new GatewayApplication(database, servers.Superuser, sweeps);
        application.Services.GetRequiredService<RevocationList>().Load([]);
        await application.KeepDaysAsync();
        return application;
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task KeepDaysAsync() => Services.GetRequiredService<KeepDayPartitions<GatewayDbContext>>().EnsureAsync(Stop);

    /// <summary>Splits all that was taken in.</summary>
    public Task SplitAsync() => Services.GetRequiredService<SplitIntake>().RunNowAsync(Stop);

    /// <summary>Runs every sweeper once, as a moved clock does; those of the bus have nothing to talk to.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Clock.Advance(time);
        var sweepers = Services.GetServices<Sweeper>().Where(sweeper => sweeper is not OutboxDispatcher<GatewayDbContext>);
        foreach (var sweeper in sweepers.Where(IsOurs).OrderBy(sweeper => sweeper.Order))
            await sweeper.RunNowAsync(Stop);
    }

    /// <summary>A connected number of a tenant.</summary>
    public async Task<TestChannel> ConnectAsync(string phoneNumberId, string wabaId = "waba", WindowClass window = WindowClass.Hours24)
    {
        var channel = new TestChannel(TypedId.New<TenantId>(Clock), TypedId.New<ChannelId>(Clock), phoneNumberId, wabaId);
        await ConnectAsync(channel, window);
        return channel;
    }

    public async Task ConnectAsync(TestChannel channel, WindowClass window = WindowClass.Hours24)
    {
        await RunAsync(
            "insert into tenant_route (tenant_id, window_class) values ($1, $2) on conflict do nothing",
            channel.Tenant.Value,
            (int)window
        );
        await RunAsync(
            "insert into channel_route (phone_number_id, waba_id, channel_id, tenant_id, connected) values ($1, $2, $3, $4, true)",
            channel.PhoneNumberId,
            channel.WabaId,
            channel.Id.Value,
            channel.Tenant.Value
        );
    }

    /// <summary>As a superuser: sees every tenant, for arranging and looking, never for the code under test.</summary>
    public async Task RunAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(Stop);
    }

    public async Task<List<TRow>> ReadAsync<TRow>(string sql, Func<NpgsqlDataReader, TRow> row, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(Stop))
            rows.Add(row(reader));
        return rows;
    }

    public async Task<long> CountAsync(string from, params object[] values) =>
        (await ReadAsync($"select count(*) from {from}", row => row.GetInt64(0), values))[0];

    /// <summary>What would be published, in the order of writing.</summary>
    public async Task<List<TMessage>> PublishedAsync<TMessage>()
    {
        var type = MessageTypes.NameOf(typeof(TMessage));
        var bodies = await ReadAsync("select body from outbox where type = $1 order by id", row => row.GetFieldValue<byte[]>(0), type);
        return bodies.ConvertAll(body => JsonSerializer.Deserialize<TMessage>(body, MessageTypes.Json)!);
    }

    public async Task<List<ReceivedMessage>> ReceivedAsync() =>
        [.. (await PublishedAsync<MessagesReceived>()).SelectMany(message => message.Items)];

    /// <summary>What was said, opened as the responder would open it.</summary>
    public JsonElement Open(ReceivedMessage message)
    {
#pragma warning disable CA1308 // The address is lower case by agreement.
        var kind = message.Kind.ToString().ToLowerInvariant();
#pragma warning restore CA1308
        var address = new ContentAddress(message.TenantId, message.ThreadId, message.MessageId.Value, kind);
        Sealer.TryOpen(address, message.Content!, out var bytes).ShouldBeTrue();
        return JsonSerializer.Deserialize<JsonElement>(bytes);
    }

    /// <summary>Counts what an instrument of the intake counts from now on, by its one label.</summary>
    public Counted Collect(string instrument) => new(Services.GetRequiredService<IMeterFactory>(), instrument);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Auth:Authority", "https://identity.test");
        builder.UseSetting("ConnectionStrings:messaging-gateway-db", _database.App);
        builder.UseSetting("ConnectionStrings:messaging-gateway-db-work", _database.Work);
        builder.UseSetting("ConnectionStrings:messaging-gateway-db-log", _database.Log);
        builder.UseSetting("ConnectionStrings:rabbitmq", "amqps://nobody:nothing@localhost:1/none");
        builder.UseSetting("KeyRings:Own", Path.Combine(_folder, "own"));
        builder.UseSetting("KeyRings:Content", Path.Combine(_folder, "content"));
        builder.UseSetting("WhatsApp:GraphUrl", "https://graph.test/v26.0");
        builder.UseSetting("WhatsApp:AppSecrets:0", AppSecret);
        builder.UseSetting("WhatsApp:AppSecrets:1", SecondSecret);
        builder.UseSetting("WhatsApp:VerifyToken", VerifyToken);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
        builder.ConfigureTestServices(services =>
        {
            foreach (var hosted in services.Where(item => item.ServiceType == typeof(IHostedService)).ToList())
            {
                if (hosted.ImplementationType?.Name != "GenericWebHostService")
                    services.Remove(hosted);
            }
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StoreIntake>());
            if (_sweeps)
                services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SplitIntake>());
            services.AddSingleton<TimeProvider>(Clock);
            services.PostConfigureAll<JwtBearerOptions>(OperatorToken.Trust);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _everything.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsOurs(Sweeper sweeper) =>
        sweeper.GetType().Namespace is { } name
        && (
            name.StartsWith("WpAsis.MessagingGateway.Webhooks", StringComparison.Ordinal)
            || name.StartsWith("WpAsis.MessagingGateway.Retention", StringComparison.Ordinal)
            || sweeper is KeepDayPartitions<GatewayDbContext>
            || sweeper.GetType().Name == "DestroyExpiredContent"
        );

    private NpgsqlCommand Command(string sql, object[] values)
    {
#pragma warning disable CA2100 // Texts of the tests.
        var command = _everything.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
