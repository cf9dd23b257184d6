using System.Globalization;
using WpAsis.AppHost.Native.Configuration;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Seeding;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Running;

/// <summary>The whole system as processes of this machine, from Topology. Disposing it stops everything it started.</summary>
public sealed class NativeSystem : IAsyncDisposable
{
    /// <summary>Everything it started has stopped so long after it was told to.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ServiceStopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ServerStopLimit = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan SetupLimit = TimeSpan.FromMinutes(10);
    private readonly NativeOptions _options;
    private readonly MergedOutput _output;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly HostLock _lock;
    private readonly ProcessTable _table;
    private readonly List<SupervisedProcess> _processes = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _housekeeping = Task.CompletedTask;
    private IReadOnlyDictionary<string, TimeSpan> _healthyAfter = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
    private NativeServers? _servers;

    private NativeSystem(NativeOptions options, MergedOutput output, TimeProvider clock)
    {
        _options = options;
        _output = output;
        _clock = clock;
        _began = clock.GetTimestamp();
        _lock = HostLock.Take(options.Folder);
        _table = new ProcessTable(Path.Combine(options.Folder, "processes.json"));
    }

    /// <summary>What run.json says.</summary>
    public RunFile Run { get; private set; } = null!;

    /// <summary>PostgreSQL and RabbitMQ.</summary>
    public NativeServers Servers => _servers!;

    /// <summary>Sandbox, services and console; each is restarted when it ends, unless it was stopped here.</summary>
    public IReadOnlyList<SupervisedProcess> Processes => _processes;

    /// <summary>Environments of the processes, for tests that start one more.</summary>
    public NativeEnvironment Environment { get; private set; } = null!;

    /// <summary>Starts everything and waits until all are healthy; stops what it started when it fails or is stopped.</summary>
    public static async Task<NativeSystem> StartAsync(
        NativeOptions options,
        MergedOutput output,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var system = new NativeSystem(options, output, clock);
        try
        {
            await system.StartAsync(stop);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process of a replica, or <c>sandbox</c>.</summary>
    public SupervisedProcess Find(string name, int replica = 1) => _processes.Single(process => process.Name == NameOf(name, replica));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        File.Delete(RunFile.PathIn(_options.Folder));
        await Task.WhenAll(_processes.Select(process => process.StopAsync(ServiceStopLimit)));
        if (_servers is not null)
            await _servers.StopAsync(ServerStopLimit);
        // A server that was still starting is known to the table alone.
        await _table.EndLeftoversAsync(_clock);
        await _housekeeping;
        foreach (var process in _processes)
            await process.DisposeAsync();
        _lock.Dispose();
        _stop.Dispose();
    }

    private async Task StartAsync(CancellationToken stop)
    {
        var left = await _table.EndLeftoversAsync(_clock);
        if (left.Count > 0)
            Say($"ended what an earlier run left behind: {string.Join(", ", left.Select(process => process.Name))}");
        File.Delete(RunFile.PathIn(_options.Folder));
        if (_options.Resets)
        {
            LocalFolder.Reset(_options.Folder);
            Say("emptied .local/");
        }
        var secrets = new LocalSecrets(Path.Combine(_options.Folder, "secrets.json"));
        var ports = PortBlock.FindFree(_options.BasePort, _options.Replicas, Say);
        var parameters = _options.HasSandbox ? ParameterValues.OfSandbox(ports, secrets) : ParameterValues.OfEnvironment();
        await StepAsync("packages", () => DebianPackages.EnsureAsync([DebianPackage.PostgreSql, DebianPackage.RabbitMq], Say, stop));
        var certificates = LocalCertificates.Ensure(Path.Combine(_options.Folder, "tls"), _clock);
        var demonstration = new Demonstration(secrets);
        Environment = new(_options, ports, certificates, secrets, parameters, demonstration);
        Run = RunFile.Describe(_options, ports, certificates, parameters, demonstration);

        _servers = new NativeServers(_options.Folder, ports, certificates, secrets, _table, _clock);
        await Task.WhenAll(
            StepAsync("postgresql", () => _servers.StartPostgresAsync(stop)),
            StepAsync("rabbitmq", () => _servers.StartRabbitAsync(stop)),
            _options.Builds ? StepAsync("build", () => BuildServices.RunAsync(_options, stop)) : Task.CompletedTask
        );
        _housekeeping = LocalFolder.PurgeLogsAsync(Path.Combine(_options.Folder, "logs"), _clock, _stop.Token);
        await StepAsync("setup", () => SetUpAsync(stop));
        await StepAsync("services healthy", () => StartProcessesAsync(certificates.Authority, stop));
        if (_options.HasSandbox)
            await StepAsync("demonstration", () => SeedAsync(demonstration, stop));
        Say(Footprint.Describe(Running(), _healthyAfter));
        Run.Write(_options.Folder);
    }

    private IEnumerable<ProcessRecord> Running() =>
        new[] { Servers.Postgres, Servers.Rabbit }.Concat(_processes.Select(process => process.Current)).OfType<ProcessRecord>();

    private async Task SeedAsync(Demonstration demonstration, CancellationToken stop)
    {
        using var seed = new SeedDemo(Run, demonstration.AccessToken, Environment.OperatorSecret, _clock);
        Run = Run with { Demo = Run.Demo with { TenantId = await seed.RunAsync(stop) } };
    }

    private async Task SetUpAsync(CancellationToken stop)
    {
        var host = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] arguments = ["exec", _options.Program("services/shared/Setup")];
        var result = await ShortProcess.RunAsync(host, arguments, SetupLimit, stop, Environment.OfSetup(), _options.Root);
        if (result.ExitCode != 0)
            throw new NativeFailedException(result.Tail(10));
    }

    private async Task StartProcessesAsync(string authority, CancellationToken stop)
    {
        var checks = new Dictionary<string, Uri>(StringComparer.Ordinal);
        if (Run.Sandbox is { } sandbox)
        {
            Add("sandbox", "tests/Sandbox", Environment.OfSandbox());
            checks["sandbox"] = new Uri($"{sandbox.Url}/health");
        }
        foreach (var service in Topology.Services)
        {
            for (var replica = 1; replica <= _options.Replicas; replica++)
            {
                var name = NameOf(service.Name, replica);
                Add(name, $"services/{service.Project}", Environment.OfService(service, replica));
                checks[name] = new Uri($"{Run.Services[service.Name].Replicas[replica - 1].Management}/health");
            }
        }
        // Together: each waits for its neighbours by its own health, and none refuses to start without them.
        foreach (var process in _processes)
            process.Start();
        _healthyAfter = await new HealthWait(authority, _clock).RunAsync(checks, stop);
    }

    private void Add(string name, string project, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProgramStart(name, _options.Program(project), Path.Combine(_options.Root, project), environment);
        _processes.Add(new SupervisedProcess(start, _table, _output, _clock));
    }

    private async Task StepAsync(string name, Func<Task> step)
    {
        var began = _clock.GetTimestamp();
        await step();
        Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {_clock.GetElapsedTime(began).TotalSeconds:0.0} s"));
    }

    private void Say(string line) =>
        _output.Say(string.Create(CultureInfo.InvariantCulture, $"[{_clock.GetElapsedTime(_began).TotalSeconds, 5:0.0} s] {line}"));

    private static string NameOf(string name, int replica) =>
        replica == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{replica}");
}
