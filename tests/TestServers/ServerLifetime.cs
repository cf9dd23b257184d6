using System.Security.Cryptography;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Processes;
using WpAsis.AppHost.Native.Servers;
using WpAsis.Setup.Databases;

namespace WpAsis.TestServers;

/// <summary>
/// Starts the shared servers with the first test process and stops them with the last. Start and stop happen under an exclusive lock only;
/// whoever uses them holds a shared one.
/// </summary>
internal sealed class ServerLifetime(string folder, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(25);
    private readonly string _lock = Path.Combine(folder, "servers.lock");
    private readonly string _file = Path.Combine(folder, "servers.json");
    private readonly ProcessTable _processes = new(Path.Combine(folder, "processes.json"));
    private readonly string _certificates = Path.Combine(folder, "tls");
    private readonly string _data = Path.Combine(folder, "servers");

    /// <summary>Answers with the servers and the lock that keeps them up.</summary>
    public async Task<(ServersFile Servers, FileStream Lock)> EnterAsync(CancellationToken stop)
    {
        PrivateFolder.Create(folder);
        var began = clock.GetTimestamp();
        // Before the first connection: a runtime that has used TLS reads the bundle no more.
        LocalTrust.UseBundle(await EnsureBundleAsync(stop));
        while (true)
        {
            if (FileLock.TryShare(_lock) is { } shared)
            {
                // A fresh open after the start: between the two somebody may have stopped the servers again.
                if (ServersFile.Read(_file) is { IsAlive: true } servers)
                    return (servers, shared);
                await shared.DisposeAsync();
            }
            if (FileLock.TryTake(_lock) is { } taken)
            {
                await using (taken)
                {
                    if (ServersFile.Read(_file) is not { IsAlive: true })
                        await StartAsync(stop);
                }
                continue;
            }
            if (clock.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"The test servers did not come up; {_lock} is held by another process.");
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(50, 250)), clock, stop);
        }
    }

    /// <summary>Lets go; the last one stops the servers.</summary>
    public async Task LeaveAsync(FileStream shared)
    {
        // The shared lock first: two that both held it while asking for the exclusive one would both be refused and leave the servers up.
        await shared.DisposeAsync();
        if (FileLock.TryTake(_lock) is not { } taken)
            return;
        await using (taken)
            await CleanAsync();
    }

    private async Task<string> EnsureBundleAsync(CancellationToken stop)
    {
        FileStream? taken;
        while ((taken = FileLock.TryTake(_certificates + ".lock")) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, stop);
        await using (taken)
            return LocalCertificates.Ensure(_certificates, clock).Bundle;
    }

    private async Task StartAsync(CancellationToken stop)
    {
        await CleanAsync();
        await DebianPackages.EnsureAsync([DebianPackage.PostgreSql, DebianPackage.RabbitMq], Console.Error.WriteLine, stop);
        var certificates = LocalCertificates.Ensure(_certificates, clock);
        var secrets = new LocalSecrets(Path.Combine(PrivateFolder.Create(_data), "secrets.json"));
        var logs = Path.Combine(_data, "logs");
        var ports = FreePorts.Take(5);
        var postgresOptions = new PostgresOptions(
            Path.Combine(_data, "postgres"),
            Path.Combine(logs, "postgres"),
            ports[0],
            secrets.Get("postgres"),
            certificates,
            IsDurable: false
        );
        var rabbitOptions = new RabbitOptions(
            Path.Combine(_data, "rabbitmq"),
            Path.Combine(logs, "rabbitmq"),
            new RabbitPorts(ports[1], ports[2], ports[3], ports[4]),
            secrets.Get("rabbitmq"),
            certificates
        );
        var postgresStart = PrivatePostgres.StartAsync(postgresOptions, _processes, clock, stop);
        var rabbitStart = PrivateRabbit.StartAsync(rabbitOptions, _processes, clock, stop);
        try
        {
            await Task.WhenAll(postgresStart, rabbitStart);
        }
        catch
        {
            // One is of no use without the other.
            await _processes.EndLeftoversAsync(clock);
            throw;
        }
        var postgres = await postgresStart;
        var rabbit = await rabbitStart;
        await PrepareDatabase.CloseClusterAsync(postgres.ConnectionString, stop);
        new ServersFile(
            postgres.ConnectionString,
            rabbit.Management,
            new Uri($"amqps://localhost:{ports[1]}"),
            secrets.Get("roles"),
            certificates.Authority,
            [postgres.Process, rabbit.Process, rabbit.PortMapper]
        ).Write(_file);
    }

    private async Task CleanAsync()
    {
        await _processes.EndLeftoversAsync(clock);
        File.Delete(_file);
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);
    }
}
