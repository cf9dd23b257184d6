using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WpAsis.Sandbox.Stripe;

namespace WpAsis.Billing.Tests.Stripe;

/// <summary>The sandbox's Stripe, hosted in memory, and the wires between it and billing's replicas.</summary>
internal sealed class StripeSandbox : WebApplicationFactory<StripeAccount>
{
    public const string Url = "https://localhost:7121";
    public const string Console = "https://localhost:7100";
    private const string Key = "sk_test_billing_tests";
    private const string OldSecret = "whsec_of_yesterday";
    private const string Secret = "whsec_billing_tests";
    private IReadOnlyList<Replica> _replicas = [];
    private int _turn;

    /// <summary>True: nobody reaches Stripe.</summary>
    public bool IsAway { get; set; }

    /// <summary>Happens between Stripe's answer and billing's reading of it.</summary>
    public Func<HttpRequestMessage, Task>? AfterAnswer { get; set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What billing is told.</summary>
    public void Configure(IWebHostBuilder builder)
    {
        builder.UseSetting("Stripe:Url", Url);
        builder.UseSetting("Stripe:ApiKey", Key);
        builder.UseSetting("Stripe:WebhookSecrets:0", OldSecret);
        builder.UseSetting("Stripe:WebhookSecrets:1", Secret);
        builder.UseSetting("PublicUrls:Console", Console);
    }

    public void Connect(IServiceCollection services) =>
        services.AddHttpClient("stripe").ConfigurePrimaryHttpMessageHandler(() => new Wire(this));

    /// <summary>Webhooks go to the replicas in turn.</summary>
    public void Deliver(IReadOnlyList<Replica> replicas) => _replicas = replicas;

    public HttpClient CreateBrowser() =>
        CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(Url), AllowAutoRedirect = false });

    /// <summary>A client of the API, with the key or another.</summary>
    public HttpClient CreateApiClient(string key = Key)
    {
        var client = CreateBrowser();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    public async Task MoveToAsync(TimeSpan offset)
    {
        using var client = CreateBrowser();
        using var response = await client.PostAsJsonAsync(
            "/_sandbox/clock",
            new { offset = TimeSpan.FromSeconds(Math.Ceiling(offset.TotalSeconds)).ToString("c", CultureInfo.InvariantCulture) },
            Stop
        );
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Holds webhooks back until what is returned is disposed; those of the meantime are lost unless delivered.</summary>
    public async Task<IAsyncDisposable> HoldAsync()
    {
        await ControlAsync("stripe/hold", new { hold = true });
        return new Release(this);
    }

    public async Task<JsonElement> ControlAsync(string path, object body)
    {
        using var client = CreateBrowser();
        using var response = await client.PostAsJsonAsync("/_sandbox/" + path, body, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task FaultAsync(object fault) => ControlAsync("faults", fault);

    /// <summary>Delivers an event now and answers with billing's status.</summary>
    public async Task<int> DeliverAsync(string id, string? signature = null, string? body = null) => (
            await ControlAsync(
                "stripe/deliver",
                new
                {
                    id,
                    signature,
                    body,
                }
            )
        ).GetProperty("status").GetInt32();

    /// <summary>Events about a customer, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string customer) =>
        [
            .. (await ReadAsync("events?limit=100000"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(item => item.GetProperty("customer").GetString() == customer)
                .Reverse(),
        ];

    /// <summary>Calls with a path that begins so.</summary>
    public async Task<IReadOnlyList<JsonElement>> CallsAsync(string method, string path) =>
        [
            .. (await ReadAsync("requests?limit=100000"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(item => item.GetProperty("method").GetString() == method && item.GetProperty("path").GetString() == path),
        ];

    public Task<JsonElement> ObjectAsync(string id) => ReadAsync("objects/" + id);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Sandbox:Stripe:Port", "7121");
        builder.UseSetting("Sandbox:Stripe:Key", Key);
        builder.UseSetting("Sandbox:Stripe:WebhookSecret", Secret);
        builder.UseSetting("Sandbox:Stripe:WebhookUrls:0", "https://localhost:7104/webhooks/stripe");
        builder.ConfigureLogging(logs => logs.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureTestServices(services =>
            services.AddHttpClient("stripe-webhook").ConfigurePrimaryHttpMessageHandler(() => new ToReplicas(this))
        );
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var client = CreateBrowser();
        return await client.GetFromJsonAsync<JsonElement>("/_sandbox/stripe/" + path, Stop);
    }

    private sealed class Wire(StripeSandbox sandbox) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _server = new(sandbox.Server.CreateHandler());

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (sandbox.IsAway)
                throw new HttpRequestException("Nobody answers.");
            var response = await _server.SendAsync(request, cancellationToken);
            if (sandbox.AfterAnswer is { } after)
                await after(request);
            return response;
        }
    }

    private sealed class ToReplicas(StripeSandbox sandbox) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var turn = (uint)Interlocked.Increment(ref sandbox._turn);
            var replica = sandbox._replicas[(int)(turn % (uint)sandbox._replicas.Count)];
            return new HttpMessageInvoker(replica.Server.CreateHandler()).SendAsync(request, cancellationToken);
        }
    }

    private sealed class Release(StripeSandbox sandbox) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await sandbox.ControlAsync("stripe/hold", new { hold = false });
    }
}
