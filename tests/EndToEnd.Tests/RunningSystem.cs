using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;
using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.EndToEnd.Tests.Watching;

namespace WpAsis.EndToEnd.Tests;

/// <summary>
/// The whole system as processes, with servers and a folder of its own, beside whatever else runs on the machine. What it logs, measures
/// and publishes is kept, and so is everything that nobody may find there.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly StringWriter _log = new();
    private readonly TextWriter _shared;
    private readonly int _firstPort;
    private readonly int _replicas;
    private NativeSystem? _system;
    private HttpClient? _http;

    public RunningSystem()
        : this("e2e", 17_100, 1) { }

    /// <summary>One more system, for tests that break things.</summary>
    internal RunningSystem(string name, int firstPort, int replicas)
    {
        _shared = TextWriter.Synchronized(_log);
        (_firstPort, _replicas) = (firstPort, replicas);
        Folder = Path.Combine(RepositoryRoot.Find(), ".local", "test", name);
    }

    public RunFile Run => System.Run;

    public NativeSystem System => _system ?? throw new InvalidOperationException("The system does not run.");

    public HttpClient Http => _http!;

    /// <summary>The demonstration tenant.</summary>
    public Business Demo { get; private set; } = null!;

    /// <summary>All that the business numbers sent.</summary>
    public SentMessages Sent { get; private set; } = null!;

    /// <summary>Traces, metrics and logs of every process.</summary>
    public OtlpReceiver Telemetry { get; } = new();

    /// <summary>Every message on the bus.</summary>
    public BusTap Bus { get; } = new();

    /// <summary>What was said, by whom, and every token.</summary>
    public Secrets Secrets { get; } = new();

    /// <summary>Everything the processes printed so far.</summary>
    public string Log
    {
        get
        {
            // The synchronized writer locks itself.
            lock (_shared)
                return _log.ToString();
        }
    }

    public string Folder { get; }

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        await Telemetry.StartAsync();
        var options = new NativeOptions
        {
            Root = RepositoryRoot.Find(),
            Folder = Folder,
            BasePort = _firstPort,
            Replicas = _replicas,
            Builds = false,
            Resets = true,
        };
        _system = await NativeSystem.StartAsync(options, new MergedOutput(_shared, false), TimeProvider.System, CancellationToken.None);
        _http = new HttpClient(LocalTrust.Handler(Run.Ca)) { Timeout = TimeSpan.FromMinutes(2) };
        Secrets.AddFile(Path.Combine(Folder, "secrets.json"));
        Sent = new SentMessages(this);
        Demo = new Business(this, Run.Demo);
        await Bus.StartAsync(System.Servers.BusManagement, Run);
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.DisposeAsync();
        _http?.Dispose();
        if (_system is not null)
            await _system.DisposeAsync();
        await Telemetry.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "run.log"), Log, CancellationToken.None);
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

    /// <summary>Moves the clock of all processes; returns when every sweeper has run at the new time.</summary>
    public Task AdvanceAsync(string time) => ControlAsync("clock", new { advance = time });

    /// <summary>Waits for a condition, three minutes at most unless it is said otherwise.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var longest = patience ?? Patience;
        limit.CancelAfter(longest);
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await condition())
                await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {longest.TotalMinutes} minutes for: {what}", late);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
