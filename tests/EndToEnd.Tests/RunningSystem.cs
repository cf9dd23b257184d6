using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;
using WpAsis.EndToEnd.Tests;

[assembly: AssemblyFixture(typeof(RunningSystem))]

namespace WpAsis.EndToEnd.Tests;

/// <summary>The whole system as processes, with servers and a folder of its own, beside whatever else runs on the machine.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private const int FirstPort = 17_100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly StringWriter _log = new();
    private NativeSystem? _system;
    private HttpClient? _http;

    public RunFile Run => System.Run;

    public NativeSystem System => _system ?? throw new InvalidOperationException("The system does not run.");

    public HttpClient Http => _http!;

    /// <summary>Everything the processes printed so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public string Folder { get; } = Path.Combine(RepositoryRoot.Find(), ".local", "test", "e2e");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        var options = new NativeOptions
        {
            Root = RepositoryRoot.Find(),
            Folder = Folder,
            BasePort = FirstPort,
            Builds = false,
            Resets = true,
        };
        _system = await NativeSystem.StartAsync(
            options,
            new MergedOutput(TextWriter.Synchronized(_log), false),
            TimeProvider.System,
            CancellationToken.None
        );
        _http = new HttpClient(LocalTrust.Handler(Run.Ca)) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_system is not null)
            await _system.DisposeAsync();
        await _log.DisposeAsync();
    }

    /// <summary>Posts to the sandbox's control API.</summary>
    public async Task<JsonElement> ControlAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync($"{Run.Sandbox!.Url}/_sandbox/{path}", body, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Reads the sandbox's control API.</summary>
    public Task<JsonElement> ReadControlAsync(string path) =>
        Http.GetFromJsonAsync<JsonElement>($"{Run.Sandbox!.Url}/_sandbox/{path}", Stop);

    /// <summary>A contact writes to the demonstration business.</summary>
    public Task<JsonElement> WriteAsync(string from, string text) =>
        ControlAsync(
            "graph/inbound",
            new
            {
                phoneNumberId = Run.Demo.PhoneNumberId,
                from,
                profileName = "Ayşe Çelik",
                text,
            }
        );

    /// <summary>The texts that a contact got so far.</summary>
    public async Task<IReadOnlyList<string>> RepliesToAsync(string contact)
    {
        var sent = await ReadControlAsync("graph/sent?limit=100000");
        return
        [
            .. sent.GetProperty("items")
                .EnumerateArray()
                .Where(item => item.GetProperty("to").GetString() == contact)
                .Select(item => item.GetProperty("text").GetString() ?? ""),
        ];
    }

    /// <summary>Waits until a contact has got so many texts; answers with the last of them.</summary>
    public async Task<string> WaitForReplyAsync(string contact, int count = 1)
    {
        IReadOnlyList<string> replies = [];
        await UntilAsync($"{count} replies", async () => (replies = await RepliesToAsync(contact)).Count >= count);
        replies.Count.ShouldBe(count);
        return replies[^1];
    }

    /// <summary>Calls an API as the demonstration account.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string service, string path, object? body = null)
    {
        var token = await ControlAsync(
            "token",
            new
            {
                identity = Run.Services["identity"].Url,
                email = Run.Demo.Email,
                password = Run.Demo.Password,
                scope = $"openid {service}",
            }
        );
        using var request = new HttpRequestMessage(method, Run.Services[service].Url + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("accessToken").GetString());
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await Http.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Waits for a condition, a minute at most.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await condition())
                await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited a minute for: {what}", late);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
