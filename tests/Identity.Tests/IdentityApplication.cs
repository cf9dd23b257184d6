using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Data;
using WpAsis.Identity.Passwords;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;
using WpAsis.TestServers;

[assembly: AssemblyFixture(typeof(WpAsis.Identity.Tests.IdentityApplication))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace WpAsis.Identity.Tests;

/// <summary>Identity in memory, with its own database, virtual host, key ring and mail relay.</summary>
public sealed class IdentityApplication : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    public const string ServiceSecret = "a-secret-of-a-service-in-tests";
    private readonly string _ring = Path.Combine(Path.GetTempPath(), "identity-tests-" + Path.GetRandomFileName());
    private SharedServers? _servers;
    private TestDatabase? _database;
    private TestVirtualHost? _bus;
    private WebApplicationFactory<IdentityDbContext>? _factory;
    private static int s_count;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    public TestDatabase Database => _database!;

    public TestVirtualHost Bus => _bus!;

    public string Superuser => _servers!.Superuser;

    internal MailCatcher Mail { get; private set; } = null!;

    public IServiceProvider Services => _factory!.Services;

    public async ValueTask InitializeAsync()
    {
        _servers = await SharedServers.AcquireAsync();
        _database = await _servers.CreateDatabaseAsync("identity", "Identity.Tests");
        _bus = await _servers.CreateVirtualHostAsync("Identity.Tests");
        Mail = MailCatcher.Start(Path.GetDirectoryName(_servers.Authority)!);
        _factory = StartReplica();
        await WaitFor.TrueAsync(() => Task.FromResult(Services.GetRequiredService<RevocationList>().IsLoaded));
        await WaitFor.TrueAsync(() =>
            InDatabaseAsync(
                db => db.Database.SqlQuery<int>($"""select count(*)::int as "Value" from openiddict_application""").SingleAsync(),
                count => count == 7
            )
        );
    }

    /// <summary>Another process of the same service.</summary>
    internal WebApplicationFactory<IdentityDbContext> StartReplica()
    {
        var replica = new WebApplicationFactory<IdentityDbContext>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Development");
            foreach (var (name, value) in Settings())
                host.UseSetting(name, value);
            host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
        });
        _ = replica.Services;
        return replica;
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
            await _factory.DisposeAsync();
        if (Mail is not null)
            await Mail.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        if (_bus is not null)
            await _bus.DisposeAsync();
        if (_servers is not null)
            await _servers.DisposeAsync();
        if (Directory.Exists(_ring))
            Directory.Delete(_ring, recursive: true);
    }

    /// <summary>A browser: keeps cookies, follows nothing by itself.</summary>
    public HttpClient CreateBrowser(string language = "en")
    {
        var client = _factory!.CreateClient(
            new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost:7101"), AllowAutoRedirect = false }
        );
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    public static string NewEmail() => $"person{Interlocked.Increment(ref s_count)}@example.com";

    public async Task<HttpResponseMessage> RegisterAsync(
        string email,
        string password = Password,
        string name = "Ayşe Yılmaz",
        string? phone = null
    )
    {
        using var client = CreateBrowser();
        return await client.PostAsJsonAsync(
            "/accounts",
            new
            {
                name,
                email,
                phone,
                password,
                businessName = "Çiçek Pastanesi",
                country = "TR",
                language = "tr",
            },
            Json.Options
        );
    }

    /// <summary>The token of the newest sign-up of an address, as its mail carries it.</summary>
    public async Task<string> ConfirmationTokenAsync(string email)
    {
        var index = EmailIndex(email);
        var newest = await InDatabaseAsync(db =>
            db.SignUps.Where(row => row.EmailIndex == index)
                .OrderByDescending(row => row.AccountId)
                .Select(row => row.AccountId)
                .FirstAsync()
        );
        return Services.GetRequiredService<ConfirmationToken>().For(newest);
    }

    public byte[] EmailIndex(string email) => Services.GetRequiredService<BlindIndex>().Of("email", EmailAddress.Parse(email).Normalized);

    public async Task<HttpResponseMessage> ConfirmAsync(string token)
    {
        using var client = CreateBrowser();
        return await client.PostAsJsonAsync("/accounts/confirm", new { token }, Json.Options);
    }

    /// <summary>A confirmed account.</summary>
    public async Task<string> CreateAccountAsync(string password = Password)
    {
        var email = NewEmail();
        (await RegisterAsync(email, password)).EnsureSuccessStatusCode();
        (await ConfirmAsync(await ConfirmationTokenAsync(email))).EnsureSuccessStatusCode();
        return email;
    }

    internal async Task<TResult> InDatabaseAsync<TResult>(Func<IdentityDbContext, Task<TResult>> read)
    {
        await using var db = new IdentityDbContext(PostgresExtensions.Options<IdentityDbContext>(Database.App));
        return await db.InTransactionAsync((inner, _) => read(inner), TestContext.Current.CancellationToken);
    }

    internal async Task<bool> InDatabaseAsync<TResult>(Func<IdentityDbContext, Task<TResult>> read, Func<TResult, bool> holds) =>
        holds(await InDatabaseAsync(read));

    /// <summary>How many passwords are hashed while something happens.</summary>
    public static async Task<long> CountHashesAsync(Func<Task> work)
    {
        long count = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == Argon2Hasher.HashCounter)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        listener.Start();
        await work();
        return Interlocked.Read(ref count);
    }

    private IEnumerable<(string Name, string Value)> Settings() =>
        [
            ("ConnectionStrings:identity-db", Database.App),
            ("ConnectionStrings:identity-db-work", Database.Work),
            ("ConnectionStrings:identity-db-log", Database.Log),
            ("ConnectionStrings:rabbitmq", Bus.Of("identity").AbsoluteUri),
            ("KeyRings:Own", _ring),
            ("Auth:Authority", "https://localhost:7101"),
            ("PublicUrls:Console", "https://localhost:7100"),
            ("Clients:console:Secret", ServiceSecret),
            ("Clients:console:RedirectUri", "https://localhost:7100"),
            ("Clients:sandbox:RedirectUri", "https://localhost:7120/callback"),
            ("Clients:messaging-gateway:Secret", ServiceSecret),
            ("Clients:ai-responder:Secret", ServiceSecret),
            ("Clients:billing:Secret", ServiceSecret),
            ("Clients:data-subject-request:Secret", ServiceSecret),
            ("Clients:operators:Secret", ServiceSecret),
            ("Mail:Host", "localhost"),
            ("Mail:Port", Mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Limits:SignInByAddress", "1000000"),
            ("Limits:RegistrationByAddress", "1000000"),
            ("Limits:ConfirmationByAddress", "1000000"),
        ];
}

/// <summary>Waits until something is so, for a limited time.</summary>
internal static class WaitFor
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                throw new TimeoutException("It did not become so in time.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
