using Npgsql;
using WpAsis.AppHost.Native;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.Benchmarks.Servers;

/// <summary>
/// One PostgreSQL and one RabbitMQ for all rungs, as Native starts them: TLS, and a commit is on the disk before it is answered.
/// </summary>
internal sealed class LadderServers : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly FileStream _lock;
    private readonly TimeProvider _clock;
    private PrivatePostgres? _postgres;
    private PrivateRabbit? _rabbit;

    private LadderServers(string folder, FileStream held, TimeProvider clock)
    {
        Folder = folder;
        _lock = held;
        _clock = clock;
        Table = new ProcessTable(Path.Combine(folder, "processes.json"));
    }

    public string Folder { get; }

    /// <summary>All that was started: who comes after a crash ends it.</summary>
    public ProcessTable Table { get; }

    public LocalCertificates Certificates { get; private set; } = null!;

    public LocalSecrets Secrets { get; private set; } = null!;

    public string Superuser => _postgres!.ConnectionString;

    public Uri BusManagement => _rabbit!.Management;

    public int AmqpsPort { get; private set; }

    public int PostgresId => _postgres!.Process.Id;

    public int RabbitId => _rabbit!.Process.Id;

    public static async Task<LadderServers> StartAsync(Action<string> say, TimeProvider clock, CancellationToken stop)
    {
        var folder = PrivateFolder.Create(RepositoryRoot.Find(), ".local", "benchmarks");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException refused)
        {
            throw new NativeFailedException("A ladder runs here already, and two would measure each other.", refused);
        }
        var servers = new LadderServers(folder, held, clock);
        try
        {
            await servers.StartAsync(say, stop);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>A rung does not pay for what the one before it left to be written.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("checkpoint", connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Table.EndLeftoversAsync(_clock);
        if (_postgres is not null)
            await PrivatePostgres.StopAsync(_postgres.Process, StopLimit, _clock);
        if (_rabbit is not null)
            await PrivateRabbit.StopAsync(_rabbit.Process, _rabbit.PortMapper, StopLimit, _clock);
        await _lock.DisposeAsync();
    }

    private async Task StartAsync(Action<string> say, CancellationToken stop)
    {
        await Table.EndLeftoversAsync(_clock);
        var data = Path.Combine(Folder, "servers");
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        Certificates = LocalCertificates.Ensure(Path.Combine(Folder, "tls"), _clock);
        // Before the first connection: a runtime that has used TLS reads the bundle no more.
        LocalTrust.UseBundle(Certificates.Bundle);
        await DebianPackages.EnsureAsync([DebianPackage.PostgreSql, DebianPackage.RabbitMq], say, stop);
        Secrets = new LocalSecrets(Path.Combine(PrivateFolder.Create(data), "secrets.json"));
        var ports = FreePorts.Take(5);
        AmqpsPort = ports[1];
        var logs = Path.Combine(data, "logs");
        var postgres = PrivatePostgres.StartAsync(
            new(Path.Combine(data, "postgres"), Path.Combine(logs, "postgres"), ports[0], Secrets.Get("postgres"), Certificates),
            Table,
            _clock,
            stop
        );
        var rabbit = PrivateRabbit.StartAsync(
            new(
                Path.Combine(data, "rabbitmq"),
                Path.Combine(logs, "rabbitmq"),
                new RabbitPorts(ports[1], ports[2], ports[3], ports[4]),
                Secrets.Get("rabbitmq"),
                Certificates
            ),
            Table,
            _clock,
            stop
        );
        await Task.WhenAll(postgres, rabbit);
        (_postgres, _rabbit) = (await postgres, await rabbit);
    }
}
